import type { SignedAnswer } from '../audit/signed-document';

/** How long one class of one dataset, or of the project, is kept. */
export interface ScheduledAnswer {
  readonly class: string;
  readonly dataset: string | null;
  readonly days: number;
  readonly enforced: boolean;
  readonly because: readonly { readonly kind: string; readonly name: string; readonly days: number }[];
}

export interface RetentionPolicyAnswer {
  /** 0: nobody has made one. */
  readonly version: number;
  readonly policy: {
    readonly rules: readonly {
      readonly class: string;
      readonly dataset: string | null;
      readonly days: number;
    }[];
    readonly unattended: readonly string[];
  };
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

export interface HoldAnswer {
  readonly id: string;
  readonly dataset: string | null;
  readonly class: string | null;
  readonly reason: string;
  readonly until: string | null;
  readonly placedBy: string;
  readonly placedAt: string;
  readonly liftedBy: string | null;
  readonly liftedAt: string | null;
  readonly liftReason: string | null;
}

/** What would go, or went, of one store. */
export interface RetentionPart {
  readonly service?: string;
  readonly class: string;
  readonly store: string;
  readonly name: string;
  readonly items: number;
  readonly oldest: string | null;
}

export type RunState = 'counting' | 'counted' | 'deleting' | 'done' | 'empty' | 'cancelled';

export interface RetentionRunAnswer {
  readonly id: string;
  readonly origin: 'person' | 'schedule';
  readonly unattended: boolean;
  readonly state: RunState;
  readonly orders: readonly {
    readonly class: string;
    readonly dataset: string | null;
    readonly days: number;
  }[];
  readonly held: readonly {
    readonly class: string;
    readonly dataset: string | null;
    readonly holdId: string;
  }[];
  readonly policyVersion: number;
  readonly policyBy: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly counts: readonly RetentionPart[] | null;
  readonly countedAt: string | null;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly deletedItems: number | null;
  readonly evidence: string | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly correlation: string;
}

/** What one service owes, or answered. */
export interface RetentionStepAnswer {
  readonly mode: 'count' | 'delete';
  readonly service: string;
  readonly items: number | null;
  readonly held: number | null;
  readonly answeredAt: string | null;
}

export interface WholeRetentionRunAnswer extends RetentionRunAnswer {
  readonly steps: readonly RetentionStepAnswer[];
}

export const EVIDENCE_KIND = 'steward-retention-evidence/1';

/** What a run deleted where, as governance signs it. */
export type RetentionEvidenceAnswer = SignedAnswer<{
  readonly format: string;
  readonly completedAt: string;
  readonly services: readonly {
    readonly service: string;
    readonly completedAt: string;
    readonly deleted: readonly RetentionPart[];
  }[];
}>;
