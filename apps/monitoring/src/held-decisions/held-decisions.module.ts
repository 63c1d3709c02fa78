import type { ModuleMetadata } from '@nestjs/common';
import { DecisionHeldConsumer } from './decision-held.consumer';
import { DecisionReviewedConsumer } from './decision-reviewed.consumer';
import { ForgetHeldDecisions } from './forget-held-decisions';
import { HeldDecisionRepository } from './held-decision.repository';
import { HeldDecisionsController } from './held-decisions.controller';
import { PgHeldDecisionRepository } from './pg-held-decision.repository';

/** Held decisions by group: the part of the application's module that is theirs. */
export const HeldDecisions = {
  controllers: [HeldDecisionsController],
  providers: [
    { provide: HeldDecisionRepository, useClass: PgHeldDecisionRepository },
    DecisionHeldConsumer,
    DecisionReviewedConsumer,
    ForgetHeldDecisions,
  ],
} satisfies ModuleMetadata;
