import { createHash } from 'node:crypto';

/** What decides where a row goes: never its place in the table, so later versions keep older rows where they were. */
export interface SplitRows {
  readonly rows: number;
  readonly batchDigest: readonly string[];
  /** The row number of an upload, the digest of the contract values of a labelled row. */
  readonly rowKey: readonly string[];
  /** Pseudonym or null. A subject's rows all follow his first one. Rows are in order of (batch, row). */
  readonly subject: readonly (string | null)[];
}

export interface SplitOptions {
  readonly seed: number;
  readonly folds: number;
  /** Share of rows held out, 0 to 1. */
  readonly holdOut: number;
}

/** -1 for a hold-out row, else its fold. */
export type Split = Int32Array;
export const HOLD_OUT = -1;

/**
 * Assigns each row by SHA-256 of (seed, batch digest, row key) of the row that stands for it: the subject's first row
 * where the subject is known, else the row itself. The first 48 bits decide about the hold-out, the next 48 the fold, so
 * that both are independent. Nothing random and nothing installation-specific goes in: two installations get the same.
 */
export function assignSplit(rows: SplitRows, { seed, folds, holdOut }: SplitOptions): Split {
  const unit = splitUnits(rows);
  const split = new Int32Array(rows.rows);
  for (let i = 0; i < rows.rows; i++) {
    const first = unit[i]!;
    split[i] = first < i ? split[first]! : place(seed, rows.batchDigest[i]!, rows.rowKey[i]!, folds, holdOut);
  }
  return split;
}

/** For each row the index of the row that decides for it: the first row of its subject, or itself. */
export function splitUnits(rows: SplitRows): Int32Array {
  const firstOf = new Map<string, number>();
  const unit = new Int32Array(rows.rows);
  for (let i = 0; i < rows.rows; i++) {
    const subject = rows.subject[i] ?? null;
    if (subject === null) {
      unit[i] = i;
      continue;
    }
    const first = firstOf.get(subject);
    if (first === undefined) firstOf.set(subject, i);
    unit[i] = first ?? i;
  }
  return unit;
}

function place(seed: number, batchDigest: string, rowKey: string, folds: number, holdOut: number): number {
  const hash = createHash('sha256').update(`${seed}\n${batchDigest}\n${rowKey}`).digest();
  const share = hash.readUIntBE(0, 6) / 2 ** 48;
  return share < holdOut ? HOLD_OUT : hash.readUIntBE(6, 6) % folds;
}

export interface SplitPart {
  readonly part: 'hold-out' | 'fold';
  /** The fold's number from 0; null for the hold-out. */
  readonly fold: number | null;
  readonly rows: number;
  readonly positives: number;
  /** Null where there are no rows. */
  readonly positiveShare: number | null;
}

/** Rows and share of positives of the hold-out and of each fold. */
export function describeSplit(split: Split, labels: ArrayLike<number>, folds: number): SplitPart[] {
  const parts = [HOLD_OUT, ...Array.from({ length: folds }, (_, fold) => fold)];
  return parts.map((part) => {
    let rows = 0;
    let positives = 0;
    for (let i = 0; i < split.length; i++) {
      if (split[i] !== part) continue;
      rows++;
      positives += labels[i]!;
    }
    return {
      part: part === HOLD_OUT ? 'hold-out' : 'fold',
      fold: part === HOLD_OUT ? null : part,
      rows,
      positives,
      positiveShare: rows === 0 ? null : positives / rows,
    };
  });
}

/** Indexes of the rows for which `keep` says yes. */
export function rowsWhere(split: Split, keep: (part: number, row: number) => boolean): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < split.length; i++) if (keep(split[i]!, i)) out.push(i);
  return Int32Array.from(out);
}
