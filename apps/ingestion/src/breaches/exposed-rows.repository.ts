/** Which predictions: of a project, in a time, by some callers or by anybody, on one dataset or on all. */
export interface ExposureScope {
  readonly project: string;
  readonly from: string;
  readonly to: string;
  readonly callers: readonly string[];
  readonly dataset: string | null;
}

/** Prediction rows that a breach may have exposed. Abstract class = injection token. */
export abstract class ExposedRowsRepository {
  /** How many rows there are, and the pseudonyms on them. */
  abstract predictions(scope: ExposureScope): Promise<{ rows: number; subjects: string[] }>;
}
