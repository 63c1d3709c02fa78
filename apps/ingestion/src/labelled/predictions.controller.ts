import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodParams } from '@steward/service';
import { z } from 'zod';
import { ProjectRoute } from '../route-names';
import { ShowPredictionRow } from './show-prediction-row';

const RowRoute = ProjectRoute.extend({
  prediction: z.string().min(1).max(200),
  row: z.coerce.number().int().min(0).max(2_147_483_647),
});

@ApiTags('predictions')
@Controller('v1/projects/:project/predictions/:prediction/rows')
export class PredictionsController {
  constructor(private readonly showing: ShowPredictionRow) {}

  @Get(':row')
  @Can('read', 'Prediction')
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
