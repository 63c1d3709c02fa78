import type { ByRule } from '../ingestion-tables';
import type { CellValue } from './column-values';
import type { RowRule } from './row-checker';

/** One accepted row, identifiers normalised and still readable: never stored so. */
export interface AcceptedRow {
  /** Number of the record in its batch, from 1. */
  readonly row: number;
  /** With the batch's digest it decides the row's fold. */
  readonly rowKey: string;
  readonly values: readonly CellValue[];
  /** Labelled rows: the pseudonym that came with the prediction, and `<id>/<row>`. */
  readonly subject: string | null;
  readonly prediction: string | null;
}

/** A batch whose every record was read and judged. */
export interface CheckedBatch {
  readonly read: number;
  readonly accepted: readonly AcceptedRow[];
  readonly quarantined: number;
  readonly byRule: ByRule;
  readonly contentDigest: string;
}

/** Counts refusals by rule. */
export class RuleCounts {
  private readonly counts: Record<string, number> = {};
  total = 0;

  add(rule: RowRule): void {
    this.counts[rule] = (this.counts[rule] ?? 0) + 1;
    this.total += 1;
  }

  byRule(): ByRule {
    return { ...this.counts };
  }
}
