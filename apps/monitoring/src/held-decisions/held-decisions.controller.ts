import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { DecisionOnMonitor } from '../monitors/decision-on-monitor';
import { HeldDecisionRepository } from './held-decision.repository';

/** People see sensitive columns only as aggregates of at least this many rows. */
const FEWEST_SHOWN = 10;

@ApiTags('Windows')
@Controller('v1/projects/:project/windows/:id/held-decisions')
export class HeldDecisionsController {
  constructor(
    private readonly decisions: HeldDecisionRepository,
    private readonly decision: DecisionOnMonitor,
  ) {}

  @Get()
  @Can('read', 'Monitor', { refined: true })
  @ApiOperation({
    summary:
      'By group, how many decisions of a window people make in the place of the model, and how they end',
  })
  async byGroup(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    await this.decision.window(caller, project, id);
    const groups = await this.decisions.byGroup(project, id);
    const items = groups
      .filter(({ rows }) => rows >= FEWEST_SHOWN)
      .map((group) => ({ ...group, heldShare: group.held / group.rows }));
    return { items, next: null };
  }
}
