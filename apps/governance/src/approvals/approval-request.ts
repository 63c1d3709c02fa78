import { errors, type AppError } from '@steward/kernel';
import type { ApprovalPolicy } from './approval-policy';
import type { JudgedGate } from './judge-gates';

export const ApprovalStates = ['open', 'granted', 'rejected', 'expired', 'voided'] as const;
export type ApprovalState = (typeof ApprovalStates)[number];
export type DecisionKind = 'approve' | 'reject' | 'waive';

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
  readonly policyVersion: number;
  readonly policy: ApprovalPolicy;
  readonly gates: readonly JudgedGate[];
  readonly correlation: string;
  readonly state: ApprovalState;
  readonly voidCode: string | null;
  readonly openedAt: string;
  readonly decidedAt: string | null;
}

/** What a person did about a request. */
export interface Decision {
  readonly id: string;
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

export function approvalNotFound(id: string): AppError {
  return errors.notFound(
    'GOVERNANCE.APPROVAL_NOT_FOUND',
    'There is no such approval request in this project.',
    {
      details: { id },
    },
  );
}
