/** A value of a column; null: missing. */
export type ColumnValue = number | string | boolean | null;

export interface ContributionAnswer {
  readonly column: string;
  readonly value: ColumnValue;
  readonly contribution: number;
}

export interface CounterfactualAnswer {
  readonly changes: readonly {
    readonly column: string;
    readonly from: ColumnValue;
    readonly to: ColumnValue;
  }[];
  readonly cost: number;
  readonly label: string;
  readonly probability: number;
}

/** Why a row was decided as it was. */
export interface ExplainedRowAnswer {
  readonly prediction: string;
  /** Left to a person: nothing was decided, and nothing is explained. */
  readonly held: boolean;
  readonly label: string;
  readonly probability: number | null;
  readonly margin: number | null;
  readonly contributions: readonly ContributionAnswer[];
  readonly counterfactuals?: {
    readonly found: readonly CounterfactualAnswer[];
    readonly complete: boolean;
  };
}

/** An explanation as inference gives it, when the prediction is made and whenever somebody asks later. */
export interface PredictionExplanationAnswer {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly classes: readonly string[];
  readonly method: string;
  readonly units: 'log_odds' | 'probability';
  readonly calibrated: boolean;
  readonly base: number;
  readonly base_rows: number;
  readonly rows: readonly ExplainedRowAnswer[];
}
