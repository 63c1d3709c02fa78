/** Every figure that the demo shows; written as JSON with --json. Filled step by step. */
export interface DemoSummary {
  project: string;
  control: boolean;
  machine: { node: string; cpus: number };
  readySeconds: number;
  rows: { read: number; accepted: number; quarantined: number; byRule: Record<string, number> };
  datasetVersions: {
    version: number;
    rows: number;
    labelledRows: number;
    digest: string;
    deltaPath: string;
    deltaUrl: string;
    deltaVersion: number;
    source: string;
  }[];
  runs: { id: string; trigger: string; state: string; datasetVersion: number }[];
  learners: Record<string, { auc: number | null; demographicParityRatio: number | null }>;
  championLearner: string;
  modelDigest: string;
  twinDigest: string;
  fourEyes: { refused: string };
  raceModel: { failedGates: string[]; mayWaive: string[]; approvalRefused: string };
  approvalToServedSeconds: number;
  predictions: { sent: number; logged: number; joined: number };
  windows: { id: string; modelVersion: number; rows: number; verdict: string; alarmed: string[] }[];
  psi: {
    before: Record<string, number>;
    shifted: Record<string, number>;
    afterAgainstNew: Record<string, number>;
    afterAgainstOld: Record<string, number>;
  };
  alert: { columns: string[]; delayEvents: number; delaySeconds: number; resolved: boolean } | null;
  comparison: { rows: number; championAuc: number | null; candidateAuc: number | null } | null;
  retrained: { version: number; digest: string; approvalToServedSeconds: number } | null;
  audit: { entries: number; verified: boolean; head: string; found: Record<string, string> };
  report: string;
  /** What the auditor and the person who asked got. */
  rights: { documentation: string; archiveBytes: number; certificate: string; certificateDigest: string };
  wallSeconds: number;
  failed: string | null;
}
