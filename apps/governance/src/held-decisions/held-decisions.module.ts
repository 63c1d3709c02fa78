import type { ModuleMetadata } from '@nestjs/common';
import { DecisionHeldConsumer } from './decision-held.consumer';
import { DecisionPoliciesController } from './decision-policies.controller';
import { HeldDecisionMetrics } from './held-decision.metrics';
import { HeldDecisionRepository } from './held-decision.repository';
import { HeldDecisionsController } from './held-decisions.controller';
import { PgHeldDecisionRepository } from './pg-held-decision.repository';
import { PutDecisionPolicy } from './put-decision-policy';
import { ReviewDecision } from './review-decision';

/** Held decisions: the part of the application's module that is theirs. */
export const HeldDecisions = {
  controllers: [DecisionPoliciesController, HeldDecisionsController],
  providers: [
    { provide: HeldDecisionRepository, useClass: PgHeldDecisionRepository },
    PutDecisionPolicy,
    ReviewDecision,
    DecisionHeldConsumer,
    HeldDecisionMetrics,
  ],
} satisfies ModuleMetadata;
