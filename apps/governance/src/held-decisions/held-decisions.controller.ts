import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { isPseudonym } from '@steward/kernel';
import { ZodBody, ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { decisionNotFound, DecisionStates, type HeldDecision } from './held-decision';
import { HeldDecisionRepository } from './held-decision.repository';
import { ReviewDecision } from './review-decision';

const Text = z.string().trim().min(3).max(4_000);
const Decide = z.strictObject({ label: z.string().min(1).max(200), reason: Text, answer: Text });
const Contest = z.strictObject({ reason: Text });
const Page = z.object({
  state: z.enum(DecisionStates).optional(),
  model: z.string().min(1).max(63).optional(),
  subject: z.string().refine(isPseudonym, 'a pseudonym').optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});
const RowPath = z.object({
  project: z.string(),
  prediction: z.string().min(1).max(200),
  row: z.coerce.number().int().min(0),
});

/** Decisions that people make in the place of models (GDPR Art. 22). */
@ApiTags('Held decisions')
@Controller('v1/projects/:project/held-decisions')
export class HeldDecisionsController {
  constructor(
    private readonly decisions: HeldDecisionRepository,
    private readonly reviewing: ReviewDecision,
  ) {}

  @Get()
  @Can('read', 'HeldDecision')
  @ApiOperation({ summary: 'The queue: what waits longest comes first' })
  async list(@Param('project') project: string, @ZodQuery(Page) page: z.output<typeof Page>) {
    const { limit } = page;
    const items = await this.decisions.list({
      project,
      limit,
      state: page.state ?? null,
      model: page.model ?? null,
      pseudonym: page.subject ?? null,
      after: page.after ?? null,
    });
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Get('counts')
  @Can('read', 'HeldDecision')
  @ApiOperation({ summary: 'How many there are of each state, by model' })
  async counts(@Param('project') project: string) {
    return { items: await this.decisions.counts(project), next: null };
  }

  @Get('predictions/:prediction/:row')
  @Can('resolve', 'HeldDecision')
  @ApiOperation({
    summary: 'What became of one row of a prediction, without score and proposal: for who asked it',
  })
  async ofRow(@ZodParams(RowPath) { project, prediction, row }: z.output<typeof RowPath>) {
    const decision = await this.decisions.findRow(project, prediction, row);
    if (!decision) throw decisionNotFound(`${prediction}/${row}`);
    const { id, state, label, decidedAt } = decision;
    const decided = (await this.decisions.steps(id)).findLast((step) => step.kind === 'decide');
    return { id, state, label, decidedAt, answer: label === null ? null : (decided?.answer ?? null) };
  }

  @Get(':id')
  @Can('read', 'HeldDecision')
  @ApiOperation({ summary: 'One decision with every step, reasons and answers included' })
  async get(@Param('project') project: string, @Param('id') id: string) {
    return this.whole(await this.decisions.find(project, id), id);
  }

  @Post(':id/decide')
  @HttpCode(200)
  @Can('review', 'HeldDecision')
  @ApiOperation({
    summary: 'Decides, as the model would have or otherwise, with a reason and the subject’s answer',
  })
  async decide(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Decide) verdict: z.output<typeof Decide>,
  ) {
    await this.reviewing.decide(caller, project, id, verdict);
    return this.get(project, id);
  }

  @Post(':id/contest')
  @HttpCode(200)
  @Can('review', 'HeldDecision')
  @ApiOperation({ summary: 'The subject contests the decision: somebody else decides anew' })
  async contest(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('id') id: string,
    @ZodBody(Contest) { reason }: z.output<typeof Contest>,
  ) {
    await this.reviewing.contest(caller, project, id, reason);
    return this.get(project, id);
  }

  private async whole(decision: HeldDecision | null, id: string) {
    if (!decision) throw decisionNotFound(id);
    return { ...decision, steps: await this.decisions.steps(decision.id) };
  }
}
