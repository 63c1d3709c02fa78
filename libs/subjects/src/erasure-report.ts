import { z } from 'zod';

/** One thing that was destroyed or rewritten. Names, digests and figures: no personal data. */
export const DestroyedPart = z.object({
  /** What kind of store: `subject-key`, `dataset-file`, `window-row` ... */
  store: z.string().min(1).max(100),
  name: z.string().min(1).max(500),
  /** SHA-256 of what was there; null where it has no bytes of its own (rows of a table). */
  oldDigest: z.string().nullable(),
  /** SHA-256 of what is there now; null: nothing. */
  newDigest: z.string().nullable(),
  /** Rows, keys or values. */
  items: z.number().int().nonnegative(),
});
export type DestroyedPart = z.output<typeof DestroyedPart>;

/** What stays, under the pseudonym that leads to nobody any more, and until when. */
export const RemainingPart = z.object({
  store: z.string().min(1).max(100),
  name: z.string().min(1).max(500),
  /** Why it stays, in a sentence. */
  why: z.string().min(1).max(500),
  /** ISO 8601; null: without an end. */
  until: z.string().nullable(),
});
export type RemainingPart = z.output<typeof RemainingPart>;

/** A model version that had been trained on the subject's rows. */
export const TrainedModelVersion = z.object({
  model: z.string(),
  version: z.number().int(),
  digest: z.string(),
  dataset: z.string(),
  datasetVersion: z.number().int(),
  /** The aliases that point at it. */
  aliases: z.array(z.string()),
});
export type TrainedModelVersion = z.output<typeof TrainedModelVersion>;

/** What one service did for an erasure. An artifact; the event and the certificate name it by digest. */
export const ErasureReport = z.object({
  format: z.literal('steward-erasure-report/1'),
  service: z.string(),
  requestId: z.string(),
  pseudonym: z.string(),
  completedAt: z.string(),
  destroyed: z.array(DestroyedPart),
  remaining: z.array(RemainingPart),
  models: z.array(TrainedModelVersion),
});
export type ErasureReport = z.output<typeof ErasureReport>;
