import type { DeploymentAnswer } from './service-answers';

/** An estimate with its limits. */
interface Limits {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A gate of a canary as it stands: how much worse than the champion it is, with limits that hold at all looks. */
export interface CanaryGateAnswer {
  readonly gate: string;
  readonly verdict: 'harm' | 'pass' | 'waiting';
  readonly difference: Limits | null;
  readonly observed: number;
  readonly minimum: number;
  readonly tolerance: number;
  readonly margin: number;
}

export interface RolloutAnswer {
  readonly id: string;
  readonly state: 'running' | 'promotion_requested' | 'promoted' | 'rolled_back' | 'superseded';
  readonly step: number;
  readonly percent: number;
  readonly steps: readonly number[];
  readonly falseRollbackRate: number;
  readonly reason: string;
  readonly version: number;
  readonly championVersion: number;
  readonly startedAt: string;
  readonly stepAt: string;
  readonly endedAt: string | null;
  readonly gates: readonly CanaryGateAnswer[];
  readonly moves: readonly {
    readonly state: string;
    readonly step: number;
    readonly percent: number;
    readonly reason: string;
    readonly movedAt: string;
  }[];
}

/** How the gates of a rollout stood at some time. */
export interface RolloutLookAnswer {
  readonly step: number;
  readonly at: string;
  readonly gates: readonly CanaryGateAnswer[];
}

/** How much somebody may ask for; what is not said is not limited. */
export interface RequestLimits {
  readonly requestsPerSecond?: number;
  readonly burst?: number;
  readonly rowsPerSecond?: number;
  readonly rowsPerDay?: number;
  /** In hand at a time, in each process of inference. */
  readonly concurrentRequests?: number;
}

/** How one model is served. */
export interface ModelDeploymentAnswer {
  readonly name: string;
  readonly model: string;
  /** As people write it: canary, shadow, arms, versions, labels, log, and what guards the model. */
  readonly plan: Readonly<Record<string, unknown>> & {
    readonly limits?: {
      readonly caller?: RequestLimits;
      readonly callers?: Readonly<Record<string, RequestLimits>>;
      readonly all?: RequestLimits;
    };
    readonly round?: number;
    readonly domain?: {
      readonly check: 'off' | 'flag' | 'refuse';
      readonly tolerance: number;
      /** Share of the training rows that a row must stand apart from more than. */
      readonly isolation?: number;
    };
  };
  readonly planVersion: number;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
  readonly aliases: readonly DeploymentAnswer[];
  readonly traffic: readonly { readonly role: string; readonly version: number; readonly percent: number }[];
  readonly versions: readonly number[];
  readonly labels: Readonly<Record<string, number>>;
  readonly rollout: RolloutAnswer | null;
  /** Arms beside the champion, which stands first; limits hold at all looks together. */
  readonly experiment: {
    readonly id: string;
    readonly arms: readonly {
      readonly version: number;
      readonly requests: number;
      readonly outcomes: number;
      readonly failed: Limits | null;
      readonly wrong: Limits | null;
      readonly failedDifference: Limits | null;
      readonly wrongDifference: Limits | null;
    }[];
  } | null;
  readonly shadow: {
    readonly version: number;
    readonly percent: number;
    readonly comparedWith: number;
    readonly rows: number;
    readonly disagreement: number | null;
    readonly meanAbsoluteDifference: number | null;
    readonly meanDifference: number | null;
    readonly largestDifference: number;
    readonly failed: number;
    readonly skipped: number;
  } | null;
  /** Whether the champion's inputs can be held against its reference; null: it is not served. */
  readonly domainKnown: boolean | null;
  /**
   * Whether the champion's rows can be judged as a whole: by a forest of its training rows, which imported versions and
   * those before there were any have not. Null: it is not served.
   */
  readonly isolation: 'known' | 'imported' | 'not_kept' | 'unreadable' | null;
  readonly log: {
    readonly mode: 'required' | 'buffered' | 'sampled';
    readonly away: boolean;
    readonly spooledBytes: number;
    readonly lostEvents: number;
  };
}
