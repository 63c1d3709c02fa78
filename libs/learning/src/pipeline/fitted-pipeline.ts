import type { Calibration } from '../calibration/calibration';
import type { LinearModel } from '../linear/linear-model';
import type { TreeEnsemble } from '../trees/tree-ensemble';

/** A named input of a pipeline, as callers send it. */
export interface PipelineInput {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical' | 'boolean' | 'time';
}

/**
 * The steps that turn the inputs into the dense numeric row that the predictor reads, in the form that the ONNX
 * writer and the compiled scorer can both run. Each produces `width` consecutive features. Open for more kinds.
 */
export type FittedEncoder =
  /** Numeric, boolean (0/1) or time (ms) value; `fill` replaces missing (null: NaN stays); then (v - center) / scale. */
  | {
      readonly kind: 'number';
      readonly input: string;
      readonly fill: number | null;
      readonly center: number;
      readonly scale: number;
      readonly width: 1;
    }
  /** One column per category; unknown and missing give all zeros, unless `missing` is the index of a category that stands for it. */
  | {
      readonly kind: 'one-hot';
      readonly input: string;
      readonly categories: readonly string[];
      readonly missing: number | null;
      readonly width: number;
    }
  /** The category's index; `unknown` for what was not seen; missing gives NaN. */
  | {
      readonly kind: 'ordinal';
      readonly input: string;
      readonly categories: readonly string[];
      readonly unknown: number;
      readonly width: 1;
    }
  /** A value per category (frequency, target encoding); `unknown` for what was not seen, `missing` for missing. */
  | {
      readonly kind: 'lookup';
      readonly input: string;
      readonly categories: readonly string[];
      readonly values: readonly number[];
      readonly unknown: number;
      readonly missing: number;
      readonly width: 1;
    };

export type FittedPredictor =
  | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble }
  | { readonly kind: 'linear'; readonly model: LinearModel };

/** Everything that is needed to score a row: inputs, encoders, predictor, classes. Serialisable. */
export interface FittedPipeline {
  readonly task: 'binary' | 'multiclass' | 'regression' | 'ranking';
  readonly inputs: readonly PipelineInput[];
  readonly encoders: readonly FittedEncoder[];
  readonly predictor: FittedPredictor;
  /** Class names by index (binary: [negative, positive]); empty for regression and ranking. */
  readonly classes: readonly string[];
  /** Binary only: maps the probability that the predictor gives for the positive class. */
  readonly calibration?: Calibration;
}
