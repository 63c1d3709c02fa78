import type { Calibration } from '../calibration/calibration';
import type { LinearModel } from '../linear/linear-model';
import type { MlpModel } from '../mlp/mlp-model';
import type { TreeEnsemble } from '../trees/tree-ensemble';
import type { DatePart } from './date-parts';

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
  /**
   * Numeric, boolean (0/1) or time (ms) value; `clip` draws values beyond its two ends to them (not `fill`); `fill`
   * replaces missing (null: NaN stays); then (v - center) / scale.
   */
  | {
      readonly kind: 'number';
      readonly input: string;
      readonly clip?: readonly [number, number];
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
    }
  /** A 0/1 feature per bucket; `buckets` by category, `unknown` for what was not seen; missing gives zeros. */
  | {
      readonly kind: 'hashing';
      readonly input: string;
      readonly categories: readonly string[];
      readonly buckets: readonly number[];
      readonly unknown: number;
      readonly width: number;
    }
  /**
   * The number of `edges` (ascending) that a number or time reaches: as it is ('index', missing gives NaN) or as a 0/1
   * feature for each bin ('one-hot', missing gives zeros).
   */
  | {
      readonly kind: 'bins';
      readonly input: string;
      readonly edges: readonly number[];
      readonly output: 'index' | 'one-hot';
      readonly width: number;
    }
  /** Parts of a time in UTC, see `datePart`; `fill` (ms) replaces missing (null: NaN stays). */
  | {
      readonly kind: 'date-parts';
      readonly input: string;
      readonly parts: readonly DatePart[];
      readonly fill: number | null;
      readonly width: number;
    };

/** The encoders that read a category. */
export type CategoryEncoder = Extract<FittedEncoder, { categories: readonly string[] }>;

/** What turns a dense row of features into scores. */
export type FittedPredictor =
  | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble }
  | { readonly kind: 'linear'; readonly model: LinearModel }
  | { readonly kind: 'mlp'; readonly model: MlpModel };

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
