import type { ModelDescriptor } from '@steward/contracts';

/** A value as a caller sent it; null: missing. */
export type ExplainedValue = number | string | boolean | null;

/** What an input did to a row's margin. */
export interface Contribution {
  readonly column: string;
  readonly value: ExplainedValue;
  readonly contribution: number;
}

/** Changes that together would turn the decision of a row. */
export interface Counterfactual {
  readonly changes: readonly {
    readonly column: string;
    readonly from: ExplainedValue;
    readonly to: ExplainedValue;
  }[];
  /** Numbers: share of the reference's 10 to 90 % range; categories and flags: 1 each; plus 0.1 a column. */
  readonly cost: number;
  readonly label: string;
  readonly probability: number;
}

/** What was found for a row. */
export interface Counterfactuals {
  readonly found: readonly Counterfactual[];
  /** False where the time was up before the search had ended: there may be smaller changes. */
  readonly complete: boolean;
}

/** Why a row was decided as it was. A row that is held for a person has none of this: nothing was decided. */
export interface ExplainedRow {
  /** `<prediction id>/<row>`. */
  readonly prediction: string;
  readonly held: boolean;
  /** Empty for a held row. */
  readonly label: string;
  /** Of the positive class, as it was answered, calibration included; null for a held row. */
  readonly probability: number | null;
  /** The model's score before link and calibration: `base` and all contributions together; null for a held row. */
  readonly margin: number | null;
  /** In the order of the model's inputs; empty for a held row. */
  readonly contributions: readonly Contribution[];
  readonly counterfactuals?: Counterfactuals;
}

/** What the model and its training rows say, the same for all rows. */
export interface ExplanationBasis {
  /** Exact path-dependent TreeSHAP by node cover, or the exact Shapley values of a linear score. */
  readonly method: 'tree_shap' | 'linear_shap';
  /** What margin, base and contributions are: log-odds of the positive class, or (forests) its probability. */
  readonly units: 'log_odds' | 'probability';
  /** Whether a calibration lies between the margin's link and the probability. */
  readonly calibrated: boolean;
  /** The reference point: the expected margin over the rows that the model was trained on. */
  readonly base: number;
  readonly base_over: 'training_rows';
  readonly base_rows: number;
}

/** Explained rows of one model version. */
export interface Explanation extends ExplanationBasis {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  /** [negative, positive]. */
  readonly classes: readonly string[];
  readonly rows: readonly ExplainedRow[];
}

/** What the explainer's thread answers: one margin a row, row-major [rows, inputs] contributions. */
export interface ExplainedMargins {
  readonly basis: ExplanationBasis;
  readonly margins: Float64Array;
  readonly contributions: Float64Array;
  /** By row; null: not asked for this row. */
  readonly counterfactuals: readonly (Counterfactuals | null)[];
}

/** What is known of explained rows beside the explainer's answer. */
export interface AnsweredRows {
  readonly descriptor: Pick<ModelDescriptor, 'model' | 'version' | 'digest' | 'inputs' | 'classes'>;
  readonly predictionId: string;
  readonly firstRow: number;
  readonly labels: readonly string[];
  readonly scores: ArrayLike<number>;
  /** Relative to `firstRow`. */
  readonly held: ReadonlySet<number>;
  /** A value of an input (in the descriptor's order) in a row. */
  readonly valueOf: (input: number, row: number) => ExplainedValue;
}

/** Puts an explanation together, the same way when a prediction is answered and whenever it is asked about later. */
export function explanationOf(answered: AnsweredRows, explained: ExplainedMargins): Explanation {
  const { descriptor, labels } = answered;
  const { model, version, digest, classes } = descriptor;
  const rows = labels.map((_, row) => explainedRow(answered, explained, row));
  return { model, version, digest, classes: [...classes], ...explained.basis, rows };
}

function explainedRow(answered: AnsweredRows, explained: ExplainedMargins, row: number): ExplainedRow {
  const { descriptor, predictionId, firstRow, labels, scores, held, valueOf } = answered;
  const prediction = `${predictionId}/${firstRow + row}`;
  if (held.has(row))
    return { prediction, held: true, label: '', probability: null, margin: null, contributions: [] };
  const { inputs } = descriptor;
  const counterfactuals = explained.counterfactuals[row];
  return {
    prediction,
    held: false,
    label: labels[row]!,
    probability: scores[row]!,
    margin: explained.margins[row]!,
    contributions: inputs.map(({ name }, input) => ({
      column: name,
      value: valueOf(input, row),
      contribution: explained.contributions[row * inputs.length + input]!,
    })),
    ...(counterfactuals ? { counterfactuals } : {}),
  };
}
