/** Bounds of what ingestion takes, from its configuration. A class so that Nest can inject it. */
export abstract class IngestionLimits {
  /** Bytes of an upload. */
  abstract readonly uploadBytes: number;
  /** Bytes of one CSV record. */
  abstract readonly longestRow: number;
  /** Records of one upload. */
  abstract readonly mostRows: number;
  /** Days that quarantine and left-over uploads are kept. */
  abstract readonly quarantineDays: number;
  /** Labelled rows become a batch when so many wait ... */
  abstract readonly labelledRows: number;
  /** ... or when the oldest has waited so long. */
  abstract readonly labelledWaitMs: number;
  /** Days that predictions and outcomes wait for each other. */
  abstract readonly joinDays: number;
}
