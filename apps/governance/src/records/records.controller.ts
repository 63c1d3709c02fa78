import { Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors, isName } from '@steward/kernel';
import { ZodBody, ZodParams } from '@steward/service';
import { z } from 'zod';
import {
  BindingRecord,
  bindingName,
  bindingParts,
  BOUND_KINDS,
  DEFAULT_SETTINGS,
  ModelRecord,
  ProcessingSettings,
  SETTINGS,
} from './processing-books';
import { ProcessingBooksRepository } from './processing-books.repository';
import { PurposeRecord } from './purpose-record';
import { PutEntry } from './put-entry';
import { WriteRecord } from './write-record';

const Name = z.string().refine(isName, 'a name: lower-case letters, digits and hyphens, a letter first');
const PurposePath = z.object({ project: z.string(), purpose: Name });
const ModelPath = z.object({ project: z.string(), model: Name });
const BindingPath = z.object({ project: z.string(), kind: z.enum(BOUND_KINDS), name: Name });

/** The books of processing, and the record that is generated from them. */
@ApiTags('Records of processing')
@Controller('v1/projects/:project/processing')
export class RecordsController {
  constructor(
    private readonly books: ProcessingBooksRepository,
    private readonly putting: PutEntry,
    private readonly writing: WriteRecord,
  ) {}

  @Get('record')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'The record of processing (GDPR Art. 30), generated; with what is missing in it' })
  record(@Param('project') project: string) {
    return this.writing.write(project);
  }

  @Get('settings')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'Controller, officer, and whether everything needs a purpose' })
  async settings(@Param('project') project: string) {
    return (await this.books.current(project, 'settings', SETTINGS))?.content ?? DEFAULT_SETTINGS;
  }

  @Put('settings')
  @Can('update', 'ProcessingRecord')
  @ApiOperation({ summary: 'Sets them, whole' })
  putSettings(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @ZodBody(ProcessingSettings) settings: z.output<typeof ProcessingSettings>,
  ) {
    return this.putting.put(caller, project, 'settings', SETTINGS, settings);
  }

  @Get('purposes')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'All purposes' })
  async purposes(@Param('project') project: string) {
    return { items: await this.books.all(project, 'purpose'), next: null };
  }

  @Get('purposes/:purpose')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'A purpose in every version, oldest first' })
  async purpose(@ZodParams(PurposePath) { project, purpose }: z.output<typeof PurposePath>) {
    const versions = await this.books.history(project, 'purpose', purpose);
    if (versions.length === 0)
      throw errors.notFound('GOVERNANCE.PURPOSE_NOT_FOUND', 'There is no such purpose in this project.');
    return { ...versions.at(-1)!, versions };
  }

  @Put('purposes/:purpose')
  @Can('update', 'ProcessingRecord')
  @ApiOperation({ summary: 'Writes a purpose; what is bound to it is judged anew at once, in every service' })
  putPurpose(
    @FromCaller() caller: Caller,
    @ZodParams(PurposePath) { project, purpose }: z.output<typeof PurposePath>,
    @ZodBody(PurposeRecord) record: z.output<typeof PurposeRecord>,
  ) {
    return this.putting.put(caller, project, 'purpose', purpose, record);
  }

  @Get('bindings')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'What is bound to which purposes' })
  async bindings(@Param('project') project: string) {
    const items = (await this.books.all(project, 'binding'))
      .filter(({ content }) => content.purposes.length > 0)
      .map(({ name, content, changedBy, changedAt }) => ({
        ...bindingParts(name),
        purposes: content.purposes,
        changedBy,
        changedAt,
      }));
    return { items, next: null };
  }

  @Put('bindings/:kind/:name')
  @Can('update', 'ProcessingRecord')
  @ApiOperation({ summary: 'Binds a dataset, pipeline, model or deployment to purposes; none: takes it out' })
  async bind(
    @FromCaller() caller: Caller,
    @ZodParams(BindingPath) { project, kind, name }: z.output<typeof BindingPath>,
    @ZodBody(BindingRecord) { purposes }: z.output<typeof BindingRecord>,
  ) {
    const content = { purposes: [...new Set(purposes)].sort() };
    const entry = await this.putting.put(caller, project, 'binding', bindingName(kind, name), content);
    return { kind, name, purposes: entry.content.purposes, version: entry.version };
  }

  @Get('models/:model')
  @Can('read', 'ProcessingRecord')
  @ApiOperation({ summary: 'How risky the use of a model is, and why' })
  async model(@ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>) {
    const entry = await this.books.current(project, 'model', model);
    if (!entry)
      throw errors.notFound('GOVERNANCE.MODEL_RECORD_NOT_FOUND', 'Nobody has classed this model yet.');
    return entry;
  }

  @Put('models/:model')
  @Can('update', 'ProcessingRecord')
  @ApiOperation({
    summary: 'Classes the use of a model; high risk: it is promoted with a signed assessment alone',
  })
  putModel(
    @FromCaller() caller: Caller,
    @ZodParams(ModelPath) { project, model }: z.output<typeof ModelPath>,
    @ZodBody(ModelRecord) record: z.output<typeof ModelRecord>,
  ) {
    return this.putting.put(caller, project, 'model', model, record);
  }
}
