import type { RateEstimate } from '../intervals/estimate';
import type { Verdict } from '../verdicts/verdict';

/** When a column alarms. */
export interface DriftPolicy {
  /** Size: the population stability index from which a shift matters. Default 0.2. */
  readonly psi: number;
  /** Evidence: the Holm-corrected chi-square p-value must lie below this. Default 0.001. */
  readonly significance: number;
  /** Below this many current values a column is not judged. Default 200. */
  readonly minimumRows: number;
  /** Below this many reference values a column is not judged. Default 100. */
  readonly minimumReferenceRows: number;
  /** The monitor's columns. Default: all of the reference. Holm corrects over these. */
  readonly columns?: readonly string[];
}

/** One cell of a column, reference against current. */
export interface CellComparison {
  /** '< 0.5', '0.5 to 0.7', '>= 0.7', a category, 'other' or 'missing'. */
  readonly label: string;
  readonly kind: 'bin' | 'category' | 'other' | 'missing';
  readonly referenceCount: number;
  readonly currentCount: number;
  /** Plain shares of all rows, not smoothed. */
  readonly referenceShare: number;
  readonly currentShare: number;
  /** This cell's part of the column's PSI; the parts add up to it. */
  readonly psiContribution: number;
  /** This cell's part of the Jensen-Shannon divergence (the distance's square). */
  readonly jensenShannonContribution: number;
}

/** One column against its reference: size, evidence, verdict, and the cells that show where it moved. */
export interface ColumnDrift {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly verdict: Verdict;
  readonly referenceRows: number;
  readonly rows: number;
  readonly psi: number;
  /** Jensen-Shannon distance, base 2, of the smoothed shares. */
  readonly jensenShannon: number;
  readonly chiSquare: {
    readonly statistic: number;
    readonly degreesOfFreedom: number;
    readonly pValue: number;
    /** How many cells the test used after sparse ones were pooled. */
    readonly cells: number;
  };
  /** The p-value after Holm's correction over the monitor's columns; what the verdict uses. */
  readonly adjustedPValue: number;
  readonly cells: readonly CellComparison[];
  /** Null where no value was seen. */
  readonly missing: RateEstimate | null;
  readonly referenceMissing: RateEstimate | null;
  /** Out of the reference's range, or a category that it never saw; share of the rows. */
  readonly outOfRange: RateEstimate | null;
  readonly wrongType: number;
}

/** A window against its reference. Safe to write as JSON. */
export interface DriftReport {
  readonly verdict: Verdict;
  readonly policy: DriftPolicy;
  /** Worst first: alarmed before not, then by falling PSI, then by name. */
  readonly columns: readonly ColumnDrift[];
}
