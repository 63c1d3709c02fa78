import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodQuery } from '@steward/service';
import { z } from 'zod';
import { CounterfactualOptions } from './explain-options';
import { ExplainPrediction } from './explain-prediction';

const { max_changes, count } = CounterfactualOptions.shape;
const few = z.coerce.number().optional();
/** Whether changes that would have turned the decision are looked for, and which; columns are joined by commas. */
const Wanted = z.object({
  counterfactuals: z.enum(['true', 'false']).default('false'),
  immutable: z.string().max(20_000).default(''),
  max_changes: few.pipe(max_changes),
  count: few.pipe(count),
});

/** Why an earlier prediction was made as it was. */
@ApiTags('Predictions')
@Controller('v1/projects/:project/predictions')
export class PredictionExplanationsController {
  constructor(private readonly predictions: ExplainPrediction) {}

  @Get(':prediction/:row/explanation')
  @Can('read', 'Prediction', { refined: true })
  @ApiOperation({
    summary:
      'The explanation of a row that was predicted earlier, as it was given then; with counterfactuals on demand',
  })
  explanation(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('prediction') prediction: string,
    @Param('row') row: string,
    @ZodQuery(Wanted) { counterfactuals, immutable, ...wanted }: z.output<typeof Wanted>,
  ) {
    const columns = immutable.split(',').filter((column) => column !== '');
    const asked = counterfactuals === 'true' ? { ...wanted, immutable: columns, direction: {} } : undefined;
    return this.predictions.execute(caller, project, `${prediction}/${row}`, { counterfactuals: asked });
  }
}
