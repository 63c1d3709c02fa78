import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody } from '@steward/service';
import { Outcomes } from './outcome';
import { RecordOutcomes } from './record-outcomes';

@ApiTags('Outcomes')
@Controller('v1/projects/:project/outcomes')
export class OutcomesController {
  constructor(private readonly record: RecordOutcomes) {}

  @Post()
  @HttpCode(202)
  @Can('record', 'Outcome')
  @ApiOperation({ summary: 'What really happened to predicted rows, named <prediction id>/<row>' })
  post(@FromCaller() caller: Caller, @Param('project') project: string, @ZodBody(Outcomes) body: Outcomes) {
    return this.record.execute({
      project,
      outcomes: body.outcomes,
      caller: caller.principal.id,
      correlation: caller.correlation,
    });
  }
}
