import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { DecisionPolicy, DecisionState, DecisionStep, HeldDecision } from './held-decision';

type Unit = UnitOfWork<GovernanceTables>;

/** A version of a policy and who made it. */
export interface DecisionPolicyVersion {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly policy: DecisionPolicy;
  readonly changedBy: string;
  readonly changedAt: string;
}

export interface HeldDecisionPage {
  readonly project: string;
  readonly state: DecisionState | null;
  readonly model: string | null;
  readonly pseudonym: string | null;
  readonly limit: number;
  readonly after: string | null;
}

/** Held decisions, and the policies that hold them. Abstract class = injection token. */
export abstract class HeldDecisionRepository {
  /** Until the transaction ends nobody else changes the policy of this model. */
  abstract lockPolicy(unit: Unit, project: string, model: string): Promise<DecisionPolicyVersion | null>;
  abstract addPolicy(unit: Unit, version: DecisionPolicyVersion): Promise<void>;
  /** Newest first. */
  abstract policies(project: string, model: string): Promise<DecisionPolicyVersion[]>;
  /** Told twice: it stands as it is. */
  abstract add(unit: Unit, decision: HeldDecision): Promise<void>;
  abstract find(project: string, id: string): Promise<HeldDecision | null>;
  abstract findRow(project: string, predictionId: string, row: number): Promise<HeldDecision | null>;
  abstract lock(unit: Unit, id: string): Promise<HeldDecision | null>;
  /** Oldest first: what waits longest comes first. */
  abstract list(page: HeldDecisionPage): Promise<HeldDecision[]>;
  abstract steps(id: string, unit?: Unit): Promise<DecisionStep[]>;
  /** Writes the step, and what the decision is after it. */
  abstract step(
    unit: Unit,
    decision: HeldDecision,
    step: DecisionStep,
    after: Pick<HeldDecision, 'state' | 'label' | 'decidedBy' | 'decidedAt'>,
  ): Promise<void>;
  abstract countWaiting(): Promise<number>;
  /** How many there are of each state, by model. */
  abstract counts(
    project: string,
  ): Promise<{ readonly model: string; readonly state: DecisionState; readonly decisions: number }[]>;
}
