import { errors } from '@steward/kernel';
import { withLastLayer } from '../mlp/mlp-model';
import type { FittedPipeline, FittedPredictor } from '../pipeline/fitted-pipeline';
import type { Calibration } from './calibration';

/**
 * The pipeline with calibrated probabilities. Platt's map of a model with log-odds is folded into its weights or
 * leaves, so that every reader of the pipeline has it; the others stand in `calibration`. Throws
 * LEARNING.CALIBRATION for other tasks than binary and for a pipeline that is calibrated already.
 */
export function calibrate(fitted: FittedPipeline, calibration: Calibration): FittedPipeline {
  if (fitted.task !== 'binary' || fitted.calibration) {
    throw errors.invalid(
      'LEARNING.CALIBRATION',
      'Only a binary pipeline that is not calibrated can be calibrated.',
    );
  }
  const predictor = calibration.kind === 'platt' ? folded(fitted.predictor, calibration) : null;
  return predictor ? { ...fitted, predictor } : { ...fitted, calibration };
}

function folded(
  predictor: FittedPredictor,
  { slope, intercept }: Extract<Calibration, { kind: 'platt' }>,
): FittedPredictor | null {
  if (predictor.kind === 'trees') {
    const { ensemble } = predictor;
    if (ensemble.link !== 'logistic') return null;
    const base = ensemble.base.map((value) => slope * value + intercept);
    return {
      kind: 'trees',
      ensemble: { ...ensemble, base, leafValues: ensemble.leafValues.map((v) => slope * v) },
    };
  }
  if (predictor.kind === 'mlp') {
    if (predictor.model.link !== 'logistic') return null;
    return { kind: 'mlp', model: withLastLayer(predictor.model, slope, intercept) };
  }
  const { model } = predictor;
  if (model.link !== 'logistic') return null;
  const intercepts = model.intercepts.map((value) => slope * value + intercept);
  return { kind: 'linear', model: { ...model, intercepts, weights: model.weights.map((v) => slope * v) } };
}
