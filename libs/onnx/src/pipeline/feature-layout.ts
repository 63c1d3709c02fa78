import type { FittedEncoder, FittedPipeline } from '@steward/learning';

/** Where each encoder's features stand in the dense row, and which encoder made a feature. */
export interface FeatureLayout {
  /** Width of the dense row. */
  readonly features: number;
  /** First feature of each encoder. */
  readonly offsets: readonly number[];
  /** Index of the encoder of each feature. */
  readonly encoderOf: Int32Array;
}

/** Lays the features of the encoders side by side, in their order. */
export function featureLayout(encoders: readonly FittedEncoder[]): FeatureLayout {
  const offsets: number[] = [];
  let features = 0;
  for (const encoder of encoders) {
    offsets.push(features);
    features += encoder.width;
  }
  const encoderOf = new Int32Array(features);
  encoders.forEach((encoder, i) => encoderOf.fill(i, offsets[i], offsets[i]! + encoder.width));
  return { features, offsets, encoderOf };
}

/** Numbers per row that a pipeline answers: one per class, or the one prediction of a regression or ranking. */
export function predictionWidth(fitted: FittedPipeline): number {
  return isClassifier(fitted) ? fitted.classes.length : 1;
}

/** True if the pipeline answers with class probabilities. */
export function isClassifier({ task }: Pick<FittedPipeline, 'task'>): boolean {
  return task === 'binary' || task === 'multiclass';
}

/** Scores per row of the predictor, before the link. */
export function scoreWidth({ predictor }: FittedPipeline): number {
  return predictor.kind === 'trees' ? predictor.ensemble.outputs : predictor.model.outputs;
}

/** How scores become predictions. */
export function linkOf({ predictor }: FittedPipeline): 'identity' | 'logistic' | 'softmax' | 'exp' {
  return predictor.kind === 'trees' ? predictor.ensemble.link : predictor.model.link;
}
