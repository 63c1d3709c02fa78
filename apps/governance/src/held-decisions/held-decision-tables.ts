import type { ColumnType, JSONColumnType } from 'kysely';
import type { DecisionPolicy, DecisionState } from './held-decision';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Tables of held decisions (migrations/0023), as Kysely sees them. */
export interface HeldDecisionTables {
  decision_policies: {
    project: string;
    model: string;
    version: number;
    policy: JSONColumnType<DecisionPolicy>;
    changed_by: string;
    changed_at: Time;
  };
  held_decisions: {
    id: string;
    project: string;
    prediction_id: string;
    row: number;
    model: string;
    version: number;
    digest: string;
    classes: string[];
    policy_version: number;
    pseudonym: string | null;
    proposed: string;
    score: number;
    because: string;
    held_at: Time;
    correlation: string;
    state: DecisionState;
    label: string | null;
    decided_by: string | null;
    decided_at: NullableTime;
  };
  held_decision_steps: {
    id: string;
    decision_id: string;
    kind: 'decide' | 'contest';
    label: string | null;
    reason: string | null;
    answer: string | null;
    by: string;
    at: Time;
  };
}
