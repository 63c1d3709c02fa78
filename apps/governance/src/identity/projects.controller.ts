import { Controller, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { TaggedKinds } from '@steward/contracts';
import { errors, isName } from '@steward/kernel';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { ChangeProject, projectNotFound } from './change-project';
import { CreateProject } from './create-project';
import { IdentityRepository, ProjectRepository } from './identity.repository';
import { TagObject } from './tag-object';
import { PeoplePage } from './users.controller';

const Tags = z.array(z.string().refine(isName, 'lower-case letters, digits and hyphens')).max(20);
const ProjectChange = z
  .strictObject({ state: z.enum(['active', 'archived']).optional(), tags: Tags.optional() })
  .refine(({ state, tags }) => state !== undefined || tags !== undefined, 'say state or tags');
const TaggedParams = z.object({
  name: z.string(),
  kind: z.enum(TaggedKinds),
  object: z.string().refine(isName, 'lower-case letters, digits and hyphens, 63 at most, a letter first'),
});
const ObjectTags = z.strictObject({ tags: Tags });
const NewProject = z.strictObject({
  tags: Tags.default([]),
  project: z.string().refine(isName, 'lower-case letters, digits and hyphens, 63 at most, a letter first'),
});
const ProjectPage = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  after: z.string().min(1).max(63).optional(),
});

@ApiTags('Projects')
@Controller('v1/projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly identities: IdentityRepository,
    private readonly createProject: CreateProject,
    private readonly changeProject: ChangeProject,
    private readonly tagObject: TagObject,
    private readonly access: Access,
  ) {}

  @Post()
  @Can('create', 'Project', { project: null })
  @ApiOperation({ summary: 'Makes a project' })
  create(@FromCaller() caller: Caller, @ZodBody(NewProject) { project, tags }: z.output<typeof NewProject>) {
    return this.createProject.create(caller, project, tags);
  }

  @Get()
  @Can('read', 'Project', { anyProject: true })
  @ApiOperation({ summary: 'The projects that the caller may see, by name' })
  async list(@FromCaller() { principal }: Caller, @ZodQuery(ProjectPage) page: z.output<typeof ProjectPage>) {
    const found = await this.projects.list({ limit: page.limit, after: page.after ?? null });
    const items = found
      .filter(({ project }) => this.access.can(principal, 'read', 'Project', { project }))
      // Many in a list of many: those of one project stand at the project itself.
      .map(({ objects: _objects, ...project }) => project);
    return { items, next: found.length === page.limit ? found.at(-1)!.project : null };
  }

  @Patch(':name')
  @Can('update', 'Project', { project: null })
  @ApiOperation({ summary: 'Sets the tags of a project, archives it, or opens it again' })
  change(
    @FromCaller() caller: Caller,
    @Param('name') name: string,
    @ZodBody(ProjectChange) body: z.output<typeof ProjectChange>,
  ) {
    return this.changeProject.change(caller, name, body);
  }

  @Put(':name/tags/:kind/:object')
  @Can('update', 'Project', { project: null })
  @ApiOperation({
    summary:
      'Sets the tags of a dataset, pipeline or model, by which rules of roles tell it apart; none: takes them away',
  })
  tag(
    @FromCaller() caller: Caller,
    @ZodParams(TaggedParams) { name, kind, object }: z.output<typeof TaggedParams>,
    @ZodBody(ObjectTags) { tags }: z.output<typeof ObjectTags>,
  ) {
    return this.tagObject.execute(caller, name, { kind, name: object, tags: [...new Set(tags)] });
  }

  @Get(':project')
  @Can('read', 'Project')
  @ApiOperation({ summary: 'A project, and what in it carries tags of its own' })
  async get(@Param('project') name: string) {
    const project = await this.projects.find(name);
    if (!project) throw projectNotFound(name);
    return project;
  }

  @Get(':project/people')
  @Can('read', 'Project')
  @ApiOperation({
    summary: 'The names of active people with a role in the project or in all, for its members',
  })
  async people(
    @FromCaller() { principal }: Caller,
    @Param('project') project: string,
    @ZodQuery(PeoplePage) { search, limit, after }: z.output<typeof PeoplePage>,
  ) {
    // A role for programs reads projects too; names of people are none of its business.
    if (principal.kind !== 'person')
      throw errors.forbidden(
        'GOVERNANCE.NAMES_FOR_PEOPLE',
        'Names of colleagues are shown to people alone: ask as a person who holds a role in the project.',
      );
    const items = await this.identities.people(project, { limit, after: after ?? null }, search);
    return { items, next: items.length === limit ? items.at(-1)!.name : null };
  }
}
