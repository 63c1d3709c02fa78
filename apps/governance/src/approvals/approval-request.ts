import { errors, type AppError } from '@steward/kernel';
import type { ApprovalPolicy } from './approval-policy';
import type { JudgedGate } from './judge-gates';

export const ApprovalStates = [
  'open',
  'changes_requested',
  'granted',
  'rejected',
  'expired',
  'voided',
] as const;
export type ApprovalState = (typeof ApprovalStates)[number];
/** States in which a request waits: for approvers, or for whoever asked. */
export const PENDING_STATES = ['open', 'changes_requested'] as const satisfies readonly ApprovalState[];
export type DecisionKind = 'approve' | 'reject' | 'waive' | 'request_changes' | 'answer';

/** Somebody who may not approve, and why. */
export interface ExcludedPerson {
  readonly person: string;
  readonly because: string;
}

/** What the request said that the columns of its row do not. */
export interface RequestFacts {
  readonly replaces: string | null;
  readonly runId: string;
  readonly evaluationDigest: string;
  readonly trigger: 'person' | 'alert';
  readonly retrainId: string | null;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly sensitiveInputs: readonly string[];
  readonly comparison: {
    readonly rows: number;
    readonly championAuc: number | null;
    readonly candidateAuc: number | null;
  } | null;
  readonly excluded: readonly ExcludedPerson[];
}

/** An approval request with the policy and the gates as they were when it came. */
export interface ApprovalRequest extends RequestFacts {
  readonly id: string;
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly alias: string;
  /** Environment of this installation when it was opened. */
  readonly environment: string;
  readonly policyVersion: number;
  /** Which of the alias's policies: its environment, or `*`. */
  readonly policyEnvironment: string;
  readonly policy: ApprovalPolicy;
  readonly gates: readonly JudgedGate[];
  readonly correlation: string;
  readonly state: ApprovalState;
  /** From 1 on; each answer to requested changes begins the next, in which everybody decides anew. */
  readonly round: number;
  readonly voidCode: string | null;
  readonly openedAt: string;
  /** When it expires undecided; null: never. */
  readonly expiresAt: string | null;
  readonly decidedAt: string | null;
}

/** What a person did about a request. */
export interface Decision {
  readonly id: string;
  readonly round: number;
  readonly person: string;
  readonly kind: DecisionKind;
  readonly gate: string | null;
  readonly reason: string | null;
  readonly decidedAt: string;
}

/** Gates that failed and that nobody of these has waived. */
export function failedGates(gates: readonly JudgedGate[], waivers: readonly Decision[]): JudgedGate[] {
  return gates.filter(({ passed, gate }) => !passed && !waivers.some((waiver) => waiver.gate === gate));
}

/** A remark of a person; it decides nothing. */
export interface Comment {
  readonly id: string;
  readonly person: string;
  /** Null: erased. */
  readonly text: string | null;
  readonly at: string;
}

/** Bytes in the artifact store that somebody attached. */
export interface Evidence {
  readonly digest: string;
  readonly title: string;
  readonly size: number;
  readonly attachedBy: string;
  readonly attachedAt: string;
}

export function approvalNotFound(id: string): AppError {
  return errors.notFound(
    'GOVERNANCE.APPROVAL_NOT_FOUND',
    'There is no such approval request in this project.',
    {
      details: { id },
    },
  );
}
