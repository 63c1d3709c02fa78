import { RetentionClasses, RetentionModes } from '@steward/contracts';
import { z } from 'zod';

/** What of one class has outlived its time. */
export const RetentionOrder = z.object({
  class: z.enum(RetentionClasses),
  /** Null: a class that is kept by project. */
  dataset: z.string().nullable(),
  /** ISO 8601: what is older goes. */
  before: z.iso.datetime(),
  days: z.int().positive(),
});
export type RetentionOrder = z.output<typeof RetentionOrder>;

/** What a run counts and deletes. An artifact; the event names it by digest. */
export const RetentionOrders = z.object({
  format: z.literal('steward-retention-orders/1'),
  runId: z.string(),
  project: z.string(),
  orders: z.array(RetentionOrder).max(10_000),
});
export type RetentionOrders = z.output<typeof RetentionOrders>;

/** One store, or one file of it, of which something went or is to go. Names, digests and figures: no personal data. */
export const RetentionPart = z.object({
  class: z.enum(RetentionClasses),
  /** `prediction-rows`, `dataset-file`, `quarantine` ... */
  store: z.string().min(1).max(100),
  /** Of the dataset, the table or the file. */
  name: z.string().min(1).max(500),
  /** Rows, records or texts; 0 for a file whose rows another part counts. */
  items: z.number().int().nonnegative(),
  /** When the oldest of them came; null: not known. */
  oldest: z.iso.datetime().nullable(),
  /** SHA-256 of what was there; null where it has no bytes of its own. */
  oldDigest: z.string().nullable(),
  /** SHA-256 of what is there now; null: nothing. */
  newDigest: z.string().nullable(),
});
export type RetentionPart = z.output<typeof RetentionPart>;

/** What one service counted or deleted. An artifact; the event and governance's evidence name it by digest. */
export const RetentionReport = z.object({
  format: z.literal('steward-retention-report/1'),
  service: z.string(),
  runId: z.string(),
  mode: z.enum(RetentionModes),
  completedAt: z.string(),
  parts: z.array(RetentionPart),
  /** Orders that a legal hold stopped. */
  held: z.array(RetentionOrder.pick({ class: true, dataset: true }).extend({ holdId: z.string() })),
});
export type RetentionReport = z.output<typeof RetentionReport>;

/** A table's rows of one order; nothing where there are none. */
export function rowsPart(
  order: RetentionOrder,
  store: string,
  name: string,
  found: { readonly items: number; readonly oldest: Date | null },
): RetentionPart[] {
  if (found.items === 0) return [];
  const oldest = found.oldest?.toISOString() ?? null;
  return [{ class: order.class, store, name, items: found.items, oldest, oldDigest: null, newDigest: null }];
}
