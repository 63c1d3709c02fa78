import { checkLevel } from '../arguments/check-arguments';
import { twoSidedZ } from '../distributions/normal';
import { DEFAULT_CONFIDENCE, type Estimate } from '../intervals/estimate';
import { symmetricEigen } from './symmetric-eigen';
import { encodeTable, fitEncodings, type ColumnEncoding, type TableColumn } from './table-encoder';

/** A fitted reconstruction as plain JSON. */
export interface PcaReconstructionState {
  readonly encodings: readonly ColumnEncoding[];
  /** Principal axes, one per kept component. */
  readonly components: readonly (readonly number[])[];
}

/**
 * Multivariate drift by reconstruction error (NannyML): missing values are filled, categories become their frequency,
 * columns are standardised, projected on the principal axes that hold 65 % of the reference's variance, and back. Rows
 * whose columns no longer go together as they did come back with another error, even if every column alone looks the same.
 * Compare the mean error of a window with {@link referenceThreshold} over reference windows; both directions matter.
 */
export class PcaReconstruction {
  private constructor(private readonly state: PcaReconstructionState) {}

  /** @param variance share that the kept components must exceed. Default 0.65. */
  static fit(columns: readonly TableColumn[], variance = 0.65): PcaReconstruction {
    checkLevel('variance', variance);
    const encodings = fitEncodings(columns);
    const rows = encodeTable(columns, encodings);
    const { values, vectors } = symmetricEigen(covariance(rows, encodings.length));
    const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    let kept = 0;
    let held = 0;
    // At least one component; strictly more than the share, as scikit-learn's PCA.
    while (kept < values.length && (kept === 0 || held <= variance * total)) held += values[kept++]!;
    return new PcaReconstruction({
      encodings,
      components: vectors.slice(0, kept).map((axis) => Array.from(axis)),
    });
  }

  /** Euclidean distance of each standardised row from its reconstruction. */
  errors(columns: readonly TableColumn[]): Float64Array {
    const { encodings, components } = this.state;
    return Float64Array.from(encodeTable(columns, encodings), (row) => {
      const rest = row.slice();
      for (const axis of components) {
        let projection = 0;
        for (let i = 0; i < row.length; i++) projection += row[i]! * axis[i]!;
        for (let i = 0; i < row.length; i++) rest[i]! -= projection * axis[i]!;
      }
      return Math.hypot(...rest);
    });
  }

  /** Mean error of a window with its normal interval; null for a single row, whose spread is unknown. */
  meanError(columns: readonly TableColumn[], confidence: number = DEFAULT_CONFIDENCE): Estimate | null {
    const errors = this.errors(columns);
    if (errors.length < 2) return null;
    const value = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const squares = errors.reduce((sum, error) => sum + (error - value) ** 2, 0);
    const half = twoSidedZ(confidence) * Math.sqrt(squares / (errors.length - 1) / errors.length);
    return { value, lower: Math.max(0, value - half), upper: value + half };
  }

  toJSON(): PcaReconstructionState {
    return this.state;
  }

  static parse(state: PcaReconstructionState): PcaReconstruction {
    return new PcaReconstruction(state);
  }
}

/** Rows are centred already. The divisor does not matter for the axes. */
function covariance(rows: readonly Float64Array[], width: number): Float64Array[] {
  const matrix = Array.from({ length: width }, () => new Float64Array(width));
  for (const row of rows) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) matrix[i]![j]! += row[i]! * row[j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) matrix[j]![i] = matrix[i]![j]!;
  return matrix;
}
