import type { DatasetContract } from '@steward/contracts';

export interface DatasetAnswer {
  readonly name: string;
  readonly contractVersion: number;
  readonly versions: number;
  readonly rows: number;
}

export interface ContractAnswer {
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly contract: DatasetContract;
  readonly changedBy: string;
  readonly createdAt: string;
}

export interface VersionAnswer {
  readonly version: number;
  readonly digest: string;
  readonly rows: number;
  readonly labelledRows: number;
  readonly contractVersion: number;
  readonly deltaPath: string;
  readonly deltaVersion: number;
  readonly batchId: string;
  readonly createdAt: string;
}

export interface BatchAnswer {
  readonly batch: string;
  readonly source: string;
  readonly digest: string;
  readonly contractVersion: number;
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly byRule: Readonly<Record<string, number>>;
  readonly version: number | null;
  readonly createdAt: string;
  readonly quarantineDeletedAt: string | null;
}

export interface UploadAnswer extends BatchAnswer {
  readonly duplicate: boolean;
}

export interface QuarantineAnswer {
  readonly row: number;
  readonly line: number | null;
  readonly column: string | null;
  readonly rule: string;
  readonly value: string | null;
}

/** A prediction whose row belongs to a dataset. What the caller's roles keep from him is null, or named in `withheld`. */
export interface PredictionAnswer {
  readonly prediction: string;
  readonly row: number;
  readonly model: string;
  readonly version: number;
  readonly predictedAt: string;
  readonly score: number | null;
  readonly decided: string | null;
  readonly outcome: string | null;
  readonly subject: string | null;
  /** Null: they are in a dataset version now, as part of the batch. */
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[] | null;
  readonly withheld: readonly string[];
  readonly batch: string | null;
}
