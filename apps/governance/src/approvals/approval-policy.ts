/** What must hold before an alias moves. Data with versions, per project, alias and environment. */
export interface ApprovalPolicy {
  /** How many people must approve. */
  readonly approvers: number;
  /** Whose approval counts: names of roles. */
  readonly roles: readonly string[];
  readonly gates: {
    /** Smallest AUC on the hold-out; null: not asked for. */
    readonly minimumAuc: number | null;
    /** Smallest demographic parity ratio, on hold-out and out-of-fold predictions together; null: not asked for. */
    readonly minimumDemographicParityRatio: number | null;
    /** No sensitive column among the model's inputs. */
    readonly noSensitiveInputs: boolean;
  };
  /** A request that nobody has decided after so many hours expires; null: it waits. */
  readonly expiresAfterHours: number | null;
  /** Whether a person whose word counts may let another decide in his place for a time. */
  readonly delegation: boolean;
}

/** Version 0: what holds where nobody has said anything. The four-fifths rule gives the ratio. */
export const DEFAULT_POLICY: ApprovalPolicy = Object.freeze({
  approvers: 1,
  roles: ['approver'],
  gates: { minimumAuc: 0.7, minimumDemographicParityRatio: 0.8, noSensitiveInputs: true },
  expiresAfterHours: null,
  delegation: false,
});

/** The policy of an alias in every environment that has none of its own. */
export const ANY_ENVIRONMENT = '*';

/** A version of a policy and who made it; version 0 was made by nobody. */
export interface PolicyVersion {
  readonly project: string;
  readonly alias: string;
  /** {@link ANY_ENVIRONMENT} or a name. */
  readonly environment: string;
  readonly version: number;
  readonly policy: ApprovalPolicy;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}
