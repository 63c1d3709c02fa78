import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ExplainPrediction } from './explain-prediction';

/** Why an earlier prediction was made as it was. */
@ApiTags('Predictions')
@Controller('v1/projects/:project/predictions')
export class PredictionExplanationsController {
  constructor(private readonly predictions: ExplainPrediction) {}

  @Get(':prediction/:row/explanation')
  @Can('read', 'Prediction', { refined: true })
  @ApiOperation({ summary: 'The explanation of a row that was predicted earlier, as it was given then' })
  explanation(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('prediction') prediction: string,
    @Param('row') row: string,
  ) {
    return this.predictions.execute(caller, project, `${prediction}/${row}`);
  }
}
