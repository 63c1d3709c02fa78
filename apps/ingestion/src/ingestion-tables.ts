import type { DatasetContract } from '@steward/contracts';
import type { ColumnType as Column, Generated, JSONColumnType } from 'kysely';

export type ByRule = Readonly<Record<string, number>>;
export type BatchSource = 'upload' | 'labelled' | 'rectified';
/** Fields of a joined row as text, by column; null is missing. */
export type FieldTexts = Readonly<Record<string, string | null>>;

/** The tables of schema `ingestion` (migrations/). */
export interface IngestionTables {
  datasets: { project: string; name: string; created_at: Generated<Date> };
  contracts: {
    project: string;
    dataset: string;
    version: number;
    digest: string;
    contract: JSONColumnType<DatasetContract>;
    changed_by: string;
    created_at: Generated<Date>;
  };
  batches: {
    id: string;
    project: string;
    dataset: string;
    contract_version: number;
    digest: string;
    source: BatchSource;
    read: number;
    accepted: number;
    quarantined: number;
    by_rule: JSONColumnType<ByRule>;
    content_digest: string;
    version: number | null;
    created_at: Generated<Date>;
    quarantine_deleted_at: Column<Date | null, Date | undefined, Date>;
  };
  dataset_versions: {
    project: string;
    dataset: string;
    version: number;
    digest: string;
    contract_version: number;
    contract_digest: string;
    delta_path: string;
    delta_version: number;
    rows: number;
    labelled_rows: number;
    batch_id: string;
    created_at: Generated<Date>;
    erased_rows: Generated<number>;
    current_digest: Column<string | null, string | null | undefined, string | null>;
  };
  subjects: { project: string; identifier_hmac: string; pseudonym: string; created_at: Generated<Date> };
  subject_keys: { pseudonym: string; wrapped_key: Buffer };
  prediction_rows: {
    project: string;
    prediction_id: string;
    row: number;
    dataset: string | null;
    fields: JSONColumnType<FieldTexts> | null;
    subject: string | null;
    model: string | null;
    model_version: number | null;
    score: number | null;
    decided: string | null;
    predicted_at: Date | null;
    caller: string | null;
    label: string | null;
    actor: string | null;
    correlation: string | null;
    joined_at: Date | null;
    batch_id: string | null;
    created_at: Generated<Date>;
  };
  erased_batches: {
    request_id: string;
    project: string;
    dataset: string;
    batch: number;
    rows: number;
    labelled_rows: number;
    erased_at: Generated<Date>;
  };
  erased_file_rows: {
    request_id: string;
    project: string;
    dataset: string;
    file: string;
    batch: number;
    row: number;
    labelled: boolean;
  };
  rectifications: {
    request_id: string;
    project: string;
    dataset: string;
    pseudonym: string;
    created_at: Generated<Date>;
  };
}
