import type { SignedDocument } from '@steward/audit-log';
import type { ColumnType, JSONColumnType } from 'kysely';
import type { ReportManifest } from './issued-report';

type Time = ColumnType<Date, string, string>;

/** Table of the reports (migrations/0040), as Kysely sees it. */
export interface ReportTables {
  reports: {
    id: string;
    kind: string;
    project: string | null;
    model: string | null;
    dataset: string | null;
    period_from: Time;
    period_to: Time;
    issued_by: string;
    issued_at: Time;
    missing: number;
    files: JSONColumnType<ReportManifest['files']>;
    manifest: JSONColumnType<SignedDocument<ReportManifest>>;
  };
}
