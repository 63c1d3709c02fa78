import { z } from 'zod';
import { IngestionLimits } from './ingestion-limits';

const MEBIBYTE = 1024 * 1024;
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** Settings of ingestion beside the common ones. */
export const IngestionSettings = z.object({
  STEWARD_INGESTION_UPLOAD_BYTES: whole(1024, 4096 * MEBIBYTE)
    .default(512 * MEBIBYTE)
    .describe('Largest upload, bytes.'),
  STEWARD_INGESTION_ROW_BYTES: whole(1024, 16 * MEBIBYTE)
    .default(MEBIBYTE)
    .describe('Longest CSV record, bytes; also how much an open quote may swallow.'),
  STEWARD_INGESTION_UPLOAD_ROWS: whole(1, 50_000_000)
    .default(5_000_000)
    .describe('Most records of one upload.'),
  STEWARD_INGESTION_QUARANTINE_DAYS: whole(1, 365)
    .default(7)
    .describe('Days after which quarantine and left-over uploads are deleted.'),
  STEWARD_INGESTION_LABELLED_ROWS: whole(1, 50_000)
    .default(300)
    .describe('Labelled rows become a batch when so many wait.'),
  STEWARD_INGESTION_LABELLED_WAIT_MS: whole(0, 86_400_000)
    .default(10_000)
    .describe('Labelled rows become a batch when the oldest has waited so long, milliseconds.'),
  STEWARD_INGESTION_JOIN_DAYS: whole(1, 30)
    .default(30)
    .describe('Days that predictions and outcomes wait for each other.'),
});

/** The settings as the use cases read them. */
export class IngestionConfig extends IngestionLimits {
  readonly uploadBytes: number;
  readonly longestRow: number;
  readonly mostRows: number;
  readonly quarantineDays: number;
  readonly labelledRows: number;
  readonly labelledWaitMs: number;
  readonly joinDays: number;

  constructor(settings: z.output<typeof IngestionSettings>) {
    super();
    this.uploadBytes = settings.STEWARD_INGESTION_UPLOAD_BYTES;
    this.longestRow = settings.STEWARD_INGESTION_ROW_BYTES;
    this.mostRows = settings.STEWARD_INGESTION_UPLOAD_ROWS;
    this.quarantineDays = settings.STEWARD_INGESTION_QUARANTINE_DAYS;
    this.labelledRows = settings.STEWARD_INGESTION_LABELLED_ROWS;
    this.labelledWaitMs = settings.STEWARD_INGESTION_LABELLED_WAIT_MS;
    this.joinDays = settings.STEWARD_INGESTION_JOIN_DAYS;
  }
}
