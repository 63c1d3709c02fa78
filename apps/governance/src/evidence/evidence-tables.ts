import type { ColumnType } from 'kysely';

/** Table of the evidence (migrations/0040), as Kysely sees it. */
export interface EvidenceTables {
  evidence: {
    event_id: string;
    type: string;
    source: string;
    subject: string;
    project: string | null;
    model: string | null;
    dataset: string | null;
    correlation: string;
    actor: string;
    time: ColumnType<Date, string, string>;
    digest: string;
    payload: ColumnType<unknown, string, string>;
  };
}
