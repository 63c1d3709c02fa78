import type { ComparisonFigures } from './training-answers';

export interface LoginAnswer {
  readonly token: string;
  readonly expiresAt: string;
  readonly principalId: string;
}

export interface GateAnswer {
  readonly gate: string;
  readonly passed: boolean;
  readonly value: number | null;
  readonly bound: number;
  readonly message: string;
  readonly waivedBy?: string | null;
}

export interface DecisionAnswer {
  readonly person: string;
  readonly kind: 'approve' | 'reject' | 'waive' | 'request_changes' | 'answer';
  readonly gate: string | null;
  readonly reason: string | null;
  readonly decidedAt: string;
  /** False: said by somebody whose word does not count, or in an earlier round. */
  readonly counts?: boolean;
}

export interface CommentAnswer {
  readonly id: string;
  readonly person: string;
  /** Null: erased. */
  readonly text: string | null;
  readonly at: string;
}

/** A file beside an approval request, named by its SHA-256. */
export interface EvidenceAnswer {
  readonly digest: string;
  readonly title: string;
  readonly size: number;
  readonly attachedBy: string;
  readonly attachedAt: string;
}

/** What must hold before an alias moves. */
export interface ApprovalPolicyAnswer {
  readonly alias: string;
  /** `*`: every environment without a policy of its own. */
  readonly environment: string;
  /** 0: nobody set one, the default holds. */
  readonly version: number;
  readonly policy: {
    readonly approvers: number;
    readonly roles: readonly string[];
    readonly gates: {
      readonly minimumAuc: number | null;
      readonly minimumDemographicParityRatio: number | null;
      readonly noSensitiveInputs: boolean;
    };
    readonly expiresAfterHours: number | null;
    readonly delegation: boolean;
  };
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

/** One person lets another approve in his place for a time. */
export interface DelegationAnswer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface ApprovalAnswer {
  readonly id: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly alias: string;
  readonly replaces: string | null;
  readonly runId: string;
  readonly trigger: 'person' | 'alert';
  readonly state: 'open' | 'changes_requested' | 'granted' | 'rejected' | 'expired' | 'voided';
  readonly voidCode?: string | null;
  readonly gates: readonly GateAnswer[];
  readonly figures?: Readonly<Record<string, number | null>>;
  readonly excluded: readonly { readonly person: string; readonly because: string }[];
  readonly decisions?: readonly DecisionAnswer[];
  readonly comments?: readonly CommentAnswer[];
  readonly evidence?: readonly EvidenceAnswer[];
  readonly comparison?: ComparisonFigures | null;
  readonly policy?: { readonly approvers: number; readonly roles: readonly string[] };
  readonly policyVersion?: number;
  /** Which of the alias's policies: its environment, or `*`. */
  readonly policyEnvironment?: string;
  readonly environment?: string;
  readonly round?: number;
  readonly expiresAt?: string | null;
  readonly waivableBy?: readonly string[];
  readonly openedAt: string;
  readonly decidedAt: string | null;
}

export interface UserAnswer {
  readonly id: string;
  readonly user: string;
  readonly displayName: string;
}

/** A person as those who work in the same project may know them. */
export interface ColleagueAnswer {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

/** An entry of the audit log, as governance lists it. */
export interface AuditEntryAnswer {
  readonly index: number;
  readonly leaf?: string;
  readonly entryId: string;
  readonly service: string;
  readonly project: string | null;
  readonly time: string;
  readonly actor: { readonly id: string; readonly kind: string };
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly outcome: 'done' | 'refused';
  readonly correlation: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface HeadAnswer {
  readonly size: number;
  readonly root: string;
  readonly time: string;
}

export interface PublicKeyAnswer {
  readonly publicKey: string;
}

/** A report that governance issued. */
export interface ReportAnswer {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly project: string | null;
  readonly model: string | null;
  readonly dataset: string | null;
  readonly period: { readonly from: string; readonly to: string };
  readonly issuedBy: string;
  readonly issuedAt: string;
  readonly missing: number;
  /** By format: html, pdf, json, csv. */
  readonly files: Readonly<Record<string, { readonly digest: string; readonly size: number }>>;
}

/** A login that holds. */
export interface SessionAnswer {
  readonly sessionId: string;
  readonly principalId: string;
  readonly kind: 'cookie' | 'token';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The one that asks. */
  readonly current: boolean;
}
