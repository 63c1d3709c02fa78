import { Controller, Get, Header, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodParams, ZodQuery } from '@steward/service';
import type { Request } from 'express';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { BatchRoute, DatasetRoute, PageQuery, PositionQuery, VersionRoute } from '../route-names';
import type { StoredBatch } from './batch.repository';
import { ReadBatches } from './read-batches';
import { UploadBatch } from './upload-batch';

@ApiTags('datasets')
@Controller('v1/projects/:project/datasets/:dataset')
export class BatchesController {
  constructor(
    private readonly upload: UploadBatch,
    private readonly read: ReadBatches,
  ) {}

  @Post('batches')
  @HttpCode(200)
  @Can('create', 'Dataset')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async post(
    @FromCaller() caller: Caller,
    @ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>,
    @Req() request: Request,
  ) {
    if (!request.is('text/csv')) {
      throw errors.invalid('INGESTION.NOT_CSV', 'Send the file as the body, with content-type text/csv.');
    }
    const { batch, duplicate } = await this.upload.execute(caller, project, dataset, request);
    return { ...shown(batch), duplicate };
  }

  @Get('versions')
  @Can('read', 'Dataset')
  async versions(
    @ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>,
    @ZodQuery(PositionQuery) { limit, after }: z.output<typeof PositionQuery>,
  ) {
    const page = { limit, after: after === 0 ? null : String(after) };
    const items = await this.read.versions(project, dataset, page);
    return { items, next: items.length === limit ? (items.at(-1)?.version ?? null) : null };
  }

  @Get('versions/:version')
  @Can('read', 'Dataset')
  async version(@ZodParams(VersionRoute) { project, dataset, version }: z.output<typeof VersionRoute>) {
    return this.read.version(project, dataset, version);
  }

  @Get('batches')
  @Can('read', 'Dataset')
  async batches(
    @ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>,
    @ZodQuery(PageQuery) { limit, after }: z.output<typeof PageQuery>,
  ) {
    const found = await this.read.list(project, dataset, { limit, after: after ?? null });
    return { items: found.map(shown), next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
  }

  @Get('batches/:batch/quarantine')
  @Can('read', 'Quarantine')
  async quarantine(
    @ZodParams(BatchRoute) { project, dataset, batch }: z.output<typeof BatchRoute>,
    @ZodQuery(PositionQuery) page: z.output<typeof PositionQuery>,
  ) {
    return this.read.quarantine(await this.read.batch(project, dataset, batch), page);
  }

  @Get('batches/:batch/quarantine.csv')
  @Header('cache-control', 'no-store')
  @Can('read', 'Quarantine')
  async quarantineCsv(@ZodParams(BatchRoute) { project, dataset, batch }: z.output<typeof BatchRoute>) {
    const stored = await this.read.batch(project, dataset, batch);
    // The first page is read before the answer begins, so that a deleted quarantine is an error and no empty file.
    await this.read.quarantine(stored, { limit: 1, after: 0 });
    return new StreamableFile(Readable.from(this.read.quarantineCsv(stored)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="quarantine-${batch}.csv"`,
    });
  }
}

const shown = ({
  id,
  project: _project,
  dataset: _dataset,
  contentDigest: _content,
  ...rest
}: StoredBatch) => ({
  batch: id,
  ...rest,
});
