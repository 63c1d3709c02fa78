import { Controller, Delete, Get, Header, HttpCode, Param, Post, Put, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { modelNotFound, type ModelVersion } from './model-version';
import { AliasRepository, ModelRepository } from './model.repository';
import { ReadModelArtifact } from './read-model-artifact';
import { RefuseAliasMove } from './refuse-alias-move';
import { RequestAlias } from './request-alias';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(100).optional(),
});
const VersionPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.coerce.number().int().min(1).optional(),
});
const VersionParams = z.object({
  project: z.string(),
  model: z.string(),
  version: z.coerce.number().int().min(1).max(2_147_483_647),
});
const AliasRequest = z.strictObject({ alias: z.string().min(1).max(63) });
type VersionPath = z.output<typeof VersionParams>;

@ApiTags('Models')
@Controller('v1/projects/:project/models')
export class ModelsController {
  constructor(
    private readonly models: ModelRepository,
    private readonly aliases: AliasRepository,
    private readonly artifacts: ReadModelArtifact,
    private readonly refuse: RefuseAliasMove,
    private readonly requests: RequestAlias,
    private readonly access: Access,
  ) {}

  @Get()
  @Can('read', 'Model', { refined: true })
  @ApiOperation({ summary: 'Models of the project, by name, each with its newest version and its aliases' })
  async list(
    @FromCaller() { principal }: Caller,
    @Param('project') project: string,
    @ZodQuery(Page) page: z.output<typeof Page>,
  ) {
    const found = await this.models.list(project, { limit: page.limit, after: page.after ?? null });
    const items = found.filter(({ model }) =>
      this.access.can(principal, 'read', 'Model', { project, model }),
    );
    return { items, next: found.length === page.limit ? found.at(-1)!.model : null };
  }

  @Get(':model')
  @Can('read', 'Model')
  @ApiOperation({ summary: 'A model: its newest version and where its aliases point' })
  async get(@Param('project') project: string, @Param('model') model: string) {
    const [newest] = await this.models.versions(project, model, { limit: 1, before: null });
    if (!newest) throw modelNotFound(model);
    return { model, versions: newest.version, newest, aliases: await this.aliases.current(project, model) };
  }

  @Get(':model/versions')
  @Can('read', 'Model')
  @ApiOperation({ summary: 'Versions of a model, newest first' })
  async versions(
    @Param('project') project: string,
    @Param('model') model: string,
    @ZodQuery(VersionPage) page: z.output<typeof VersionPage>,
  ) {
    const items = await this.models.versions(project, model, {
      limit: page.limit,
      before: page.after ?? null,
    });
    return { items, next: items.length === page.limit ? String(items.at(-1)!.version) : null };
  }

  @Get(':model/versions/:version')
  @Can('read', 'Model')
  @ApiOperation({ summary: 'One version: its descriptor and hold-out figures' })
  version(@ZodParams(VersionParams) at: VersionPath): Promise<ModelVersion> {
    return this.models.require(at.project, at.model, at.version);
  }

  @Get(':model/versions/:version/onnx')
  @Can('read', 'Model')
  @Header('content-type', 'application/octet-stream')
  @ApiOperation({ summary: 'The model as ONNX, preprocessing included' })
  async onnx(@ZodParams(VersionParams) at: VersionPath): Promise<StreamableFile> {
    return download(await this.artifacts.read(at, 'onnx'), `${at.model}-${at.version}.onnx`);
  }

  @Get(':model/versions/:version/reference')
  @Can('read', 'Model')
  @Header('content-type', 'application/json')
  @ApiOperation({ summary: 'Reference statistics that monitoring compares with' })
  async reference(@ZodParams(VersionParams) at: VersionPath): Promise<StreamableFile> {
    return download(await this.artifacts.read(at, 'reference'), `${at.model}-${at.version}-reference.json`);
  }

  @Get(':model/versions/:version/evaluation')
  @Can('read', 'Model')
  @Header('content-type', 'application/json')
  @ApiOperation({ summary: 'The whole evaluation: learners, folds, hold-out, fairness by group, comparison' })
  async evaluation(@ZodParams(VersionParams) at: VersionPath): Promise<StreamableFile> {
    return download(await this.artifacts.read(at, 'evaluation'), `${at.model}-${at.version}-evaluation.json`);
  }

  @Post(':model/versions/:version/approval-requests')
  @HttpCode(201)
  @Can('create', 'ApprovalRequest')
  @ApiOperation({ summary: 'Ask that an alias may point to a version that was registered before' })
  requestAlias(
    @FromCaller() caller: Caller,
    @ZodParams(VersionParams) at: VersionPath,
    @ZodBody(AliasRequest) { alias }: z.output<typeof AliasRequest>,
  ) {
    return this.requests.request(caller, at, alias);
  }

  @Get(':model/aliases')
  @Can('read', 'ModelAlias')
  @ApiOperation({ summary: 'Where aliases point, and every move there ever was, oldest first' })
  async aliasesOf(@Param('project') project: string, @Param('model') model: string) {
    const current = await this.aliases.current(project, model);
    return { current, history: await this.aliases.history(project, model) };
  }

  @Put(':model/aliases/:alias')
  @Can('update', 'ModelAlias')
  @ApiOperation({ summary: 'Always refused: an alias moves only by an approval' })
  moveAlias(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('model') model: string,
    @Param('alias') alias: string,
  ): Promise<never> {
    return this.refuse.refuse(caller, project, model, alias);
  }

  @Delete(':model/aliases/:alias')
  @Can('update', 'ModelAlias')
  @ApiOperation({ summary: 'Always refused: an alias moves only by an approval' })
  removeAlias(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('model') model: string,
    @Param('alias') alias: string,
  ): Promise<never> {
    return this.refuse.refuse(caller, project, model, alias);
  }
}

function download(bytes: Buffer, filename: string): StreamableFile {
  return new StreamableFile(bytes, {
    disposition: `attachment; filename="${filename}"`,
    length: bytes.length,
  });
}
