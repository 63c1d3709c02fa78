import type { VerifyReport } from '@steward/audit-log';
import type {
  AlertAnswer,
  AliasesAnswer,
  ApprovalAnswer,
  AuditEntryAnswer,
  BatchAnswer,
  ContractAnswer,
  EvaluationAnswer,
  ModelVersionAnswer,
  MonitorAnswer,
  QuarantineAnswer,
  RetrainAnswer,
  RunAnswer,
  VersionAnswer,
  WindowAnswer,
} from '@steward/client/answers';

/** What a service said, or why there is nothing to show. */
export type Part<T> =
  { readonly found: true; readonly value: T } | { readonly found: false; readonly why: string };

export interface DatasetPart {
  readonly name: string;
  readonly contract: ContractAnswer;
  readonly versions: readonly VersionAnswer[];
  readonly batches: readonly BatchAnswer[];
  /** The first refused rows of each batch that has some. */
  readonly quarantine: readonly {
    readonly batch: BatchAnswer;
    readonly rows: Part<readonly QuarantineAnswer[]>;
  }[];
}

export interface AuditPart {
  readonly verification: VerifyReport;
  readonly publicKey: string;
  readonly keyId: string;
  /** Entries of the project in the verified bundle, and how many of each action. */
  readonly entriesOfProject: number;
  readonly byAction: ReadonlyMap<string, number>;
  /** The newest, oldest first, each with its leaf hash. */
  readonly newest: readonly (AuditEntryAnswer & { readonly leaf: string })[];
}

/** All that a report shows. Every figure comes from the API. */
export interface ReportData {
  readonly project: string;
  readonly model: string;
  readonly source: string;
  readonly madeAt: string;
  readonly madeBy: string | null;
  readonly versions: readonly ModelVersionAnswer[];
  readonly aliases: Part<AliasesAnswer>;
  readonly evaluations: ReadonlyMap<number, Part<EvaluationAnswer>>;
  readonly datasets: readonly Part<DatasetPart>[];
  readonly datasetNames: readonly string[];
  readonly runs: Part<readonly RunAnswer[]>;
  readonly approvals: Part<readonly ApprovalAnswer[]>;
  readonly monitors: Part<readonly MonitorAnswer[]>;
  /** Oldest first. */
  readonly windows: Part<readonly WindowAnswer[]>;
  readonly alerts: Part<readonly AlertAnswer[]>;
  readonly retrainRequests: Part<readonly RetrainAnswer[]>;
  readonly audit: Part<AuditPart>;
  /** Names by principal id, as far as the caller may know them. */
  readonly people: ReadonlyMap<string, string>;
}

/** Sections of which a part is missing, and why. */
export function missingSections(data: ReportData): { section: string; why: string }[] {
  const parts: readonly (readonly [string, Part<unknown>])[] = [
    ...data.datasets.map((part, at) => [`dataset ${data.datasetNames[at]}`, part] as const),
    ...data.datasets.flatMap((part) =>
      part.found
        ? part.value.quarantine.map(
            ({ batch, rows }) => [`quarantine of batch ${batch.batch}`, rows] as const,
          )
        : [],
    ),
    ['runs', data.runs],
    ...[...data.evaluations].map(([version, part]) => [`evaluation of version ${version}`, part] as const),
    ['approvals', data.approvals],
    ['alias history', data.aliases],
    ['monitors', data.monitors],
    ['windows', data.windows],
    ['alerts', data.alerts],
    ['retrain requests', data.retrainRequests],
    ['audit log', data.audit],
  ];
  return parts.flatMap(([section, part]) => (part.found ? [] : [{ section, why: part.why }]));
}

/** The value, or what stands for nothing. */
export const orElse = <T>(part: Part<T>, nothing: T): T => (part.found ? part.value : nothing);
