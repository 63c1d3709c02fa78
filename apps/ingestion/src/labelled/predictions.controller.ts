import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { DatasetRoute, ProjectRoute } from '../route-names';
import { ListPredictions } from './list-predictions';
import type { PredictionPosition } from './prediction-row.repository';
import { ShowPredictionRow } from './show-prediction-row';

const RowRoute = ProjectRoute.extend({
  prediction: z.string().min(1).max(200),
  row: z.coerce.number().int().min(0).max(2_147_483_647),
});

/** Strict: who asks for a filter that there is not, say by a sensitive column, is told so instead of being shown all. */
const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().min(1).max(500).optional(),
  model: z.string().min(1).max(63).optional(),
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
const Position = z.tuple([
  z.number().int().min(-8.64e15).max(8.64e15),
  z.string().min(1).max(200),
  z.number().int().min(0).max(2_147_483_647),
]);

@ApiTags('predictions')
@Controller('v1/projects/:project')
export class PredictionsController {
  constructor(
    private readonly listing: ListPredictions,
    private readonly showing: ShowPredictionRow,
  ) {}

  @Get('datasets/:dataset/predictions')
  @Can('read', 'Prediction', { refined: true })
  @ApiOperation({
    summary:
      'Predictions whose rows belong to the dataset, newest first, while the join keeps them; without identifiers, sensitive columns and what the caller’s roles leave out. Audited. `after` is what the page before gave as `next`; a page may hold fewer than `limit`',
  })
  async list(
    @FromCaller() caller: Caller,
    @ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>,
    @ZodQuery(ListQuery) query: z.output<typeof ListQuery>,
  ) {
    const { items, next } = await this.listing.execute(caller, {
      project,
      dataset,
      model: query.model ?? null,
      version: query.version ?? null,
      from: query.from === undefined ? null : new Date(query.from),
      to: query.to === undefined ? null : new Date(query.to),
      after: query.after === undefined ? null : positionOf(query.after),
      limit: query.limit,
    });
    return { items, next: next && Buffer.from(JSON.stringify(next)).toString('base64url') };
  }

  @Get('predictions/:prediction/rows/:row')
  @Can('read', 'Prediction', { refined: true })
  @ApiOperation({
    summary: 'The inputs of a row while they are kept, without identifiers and sensitive columns; audited',
  })
  row(
    @FromCaller() caller: Caller,
    @ZodParams(RowRoute) { project, prediction, row }: z.output<typeof RowRoute>,
  ) {
    return this.showing.execute(caller, project, prediction, row);
  }
}

function positionOf(cursor: string): PredictionPosition {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw errors.invalid(
      'INGESTION.CURSOR_INVALID',
      'after is not a place in this list: give what the page before gave as next, or leave it out to begin anew.',
    );
  }
}
