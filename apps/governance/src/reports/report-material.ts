import {
  AlertRaised,
  AlertResolved,
  AliasChanged,
  ApprovalDecided,
  ApprovalRequested,
  ContractRegistered,
  DatasetVersionCreated,
  DeploymentChanged,
  EmergencyAccessChanged,
  type EventDefinition,
  ModelVersionRegistered,
  MonitorChanged,
  type PayloadOf,
  PipelineChanged,
  RetrainRequested,
  RolloutChanged,
  RunChanged,
  SubjectRequestChanged,
  WindowJudged,
  WindowOutcomesJudged,
} from '@steward/contracts';
import type { Source } from './report';

/** A domain event with where it stands. */
export interface Told<Payload> {
  readonly payload: Payload;
  /** ISO 8601. */
  readonly time: string;
  readonly actor: string;
  readonly correlation: string;
  readonly source: Source;
}

/** The events that reports are made from, by what sections call them. */
export const REPORTED = {
  contracts: ContractRegistered,
  datasetVersions: DatasetVersionCreated,
  pipelines: PipelineChanged,
  runs: RunChanged,
  versions: ModelVersionRegistered,
  requests: ApprovalRequested,
  decisions: ApprovalDecided,
  moves: AliasChanged,
  deployments: DeploymentChanged,
  rollouts: RolloutChanged,
  monitors: MonitorChanged,
  windows: WindowJudged,
  outcomes: WindowOutcomesJudged,
  raised: AlertRaised,
  resolved: AlertResolved,
  retrains: RetrainRequested,
  emergencies: EmergencyAccessChanged,
  subjectRequests: SubjectRequestChanged,
} as const satisfies Readonly<Record<string, EventDefinition>>;
export type EventKey = keyof typeof REPORTED;
export type Events = { readonly [Key in EventKey]: readonly Told<PayloadOf<(typeof REPORTED)[Key]>>[] };

/** A rate of the evaluation, as libs/statistics writes it. */
interface Rate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** What is read of an evaluation artifact (apps/training writes it); anything may be absent in one of an imported model. */
export interface Evaluation {
  readonly metric?: string;
  readonly rows?: { readonly labelled: number; readonly withoutLabel: number };
  readonly split?: readonly {
    readonly part: string;
    readonly fold: number | null;
    readonly rows: number;
    readonly positives: number;
  }[];
  readonly learners?: readonly {
    readonly kind: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly mean: number | null;
    readonly deviation: number | null;
    readonly pooled: Readonly<Record<string, number | null>>;
  }[];
  readonly chosen?: number;
  readonly fairness?: {
    readonly favourable?: string;
    readonly demographicParityRatio?: number | null;
    readonly holdOutAndOutOfFold?: readonly {
      readonly column: string;
      readonly report: {
        readonly groups: readonly {
          readonly labels: Readonly<Record<string, string | null>>;
          readonly rows: number;
          readonly enoughRows: boolean;
          readonly selectionRate: Rate | null;
          readonly truePositiveRate: Rate | null;
          readonly falsePositiveRate: Rate | null;
        }[];
        readonly demographicParityRatio: Rate | null;
        readonly demographicParityDifference: Rate | null;
        readonly equalizedOddsDifference: Rate | null;
      };
    }[];
  };
  readonly onnxCheck?: { readonly maxDifference: number; readonly rows: number };
}

/** A role that a principal holds or held in the period, with what was done by it. */
export interface HeldRole {
  readonly principal: string;
  readonly name: string;
  readonly kind: 'person' | 'machine' | 'service';
  readonly active: boolean;
  readonly role: string;
  readonly project: string | null;
  readonly grantedBy: string;
  readonly grantedAt: string;
  readonly revokedAt: string | null;
}

/** What a principal did in the period, by the audit log. */
export interface Acts {
  readonly actor: string;
  readonly project: string | null;
  readonly action: string;
  readonly times: number;
  readonly last: string;
}

/** The audit log at the time of the report. */
export interface LogState {
  readonly size: number;
  readonly root: string;
  readonly signedAt: string;
  readonly keyId: string;
  readonly witnessed: boolean;
}

/** All that the sections of a report are made from. */
export interface ReportMaterial {
  readonly events: Events;
  /** Of the version that the champion alias names, or the newest one; null where there is none. */
  readonly evaluation: { readonly value: Evaluation; readonly source: Source } | null;
  readonly roles: readonly HeldRole[];
  readonly acts: readonly Acts[];
  readonly log: LogState;
}

/** The newest of a list in the order of its times. */
export const newest = <T>(list: readonly T[]): T | undefined => list.at(-1);
