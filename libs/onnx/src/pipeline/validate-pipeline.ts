import type { FittedPipeline, LinearModel, PipelineInput } from '@steward/learning';

import { badPipeline } from './bad-pipeline';
import { featureLayout, isClassifier, linkOf, scoreWidth } from './feature-layout';
import { validateCalibration } from './validate-calibration';
import { validateEncoder } from './validate-encoder';
import { validateEnsemble } from './validate-ensemble';
import { validateMlp } from './validate-mlp';

const TASKS: readonly string[] = ['binary', 'multiclass', 'regression', 'ranking'];
const KINDS: readonly string[] = ['numeric', 'categorical', 'boolean', 'time'];
const LINKS: readonly string[] = ['identity', 'logistic', 'softmax', 'exp'];

/**
 * Checks that a fitted pipeline is whole and consistent, so that what reads it later (writer, scorer, model file)
 * can trust its indices: inputs and categories unique, encoders fed by inputs of their kind, widths that add up to
 * what the predictor reads, trees that are trees.
 *
 * @throws AppError ONNX.BAD_PIPELINE naming the part that is wrong.
 */
export function validatePipeline(fitted: FittedPipeline): void {
  // Pipelines also come from files, so their words are checked as well as their numbers.
  if (!TASKS.includes(fitted.task)) throw badPipeline(`There is no task ${fitted.task}.`);
  if (!LINKS.includes(linkOf(fitted))) throw badPipeline(`There is no link ${linkOf(fitted)}.`);
  const inputs = validateInputs(fitted.inputs);
  fitted.encoders.forEach((encoder, index) => validateEncoder(encoder, index, inputs));
  const { features } = featureLayout(fitted.encoders);
  if (fitted.predictor.kind === 'trees') validateEnsemble(fitted.predictor.ensemble, features);
  else if (fitted.predictor.kind === 'mlp') validateMlp(fitted.predictor.model, features);
  else validateLinear(fitted.predictor.model, features);
  validateOutputs(fitted);
  validateCalibration(fitted);
}

function validateInputs(inputs: readonly PipelineInput[]): Map<string, PipelineInput> {
  if (inputs.length === 0) throw badPipeline('The pipeline has no input: it needs at least one column.');
  const byName = new Map<string, PipelineInput>();
  for (const input of inputs) {
    if (input.name === '') throw badPipeline('An input of the pipeline has an empty name.');
    if (!KINDS.includes(input.kind)) throw badPipeline(`The input ${input.name} is of no known kind.`);
    if (byName.has(input.name)) throw badPipeline(`Two inputs have the name ${input.name}.`);
    byName.set(input.name, input);
  }
  return byName;
}

function validateLinear(model: LinearModel, features: number): void {
  if (model.features !== features) {
    throw badPipeline(`The model reads ${model.features} features where the encoders make ${features}.`);
  }
  if (model.weights.length !== model.outputs * features || model.intercepts.length !== model.outputs) {
    throw badPipeline(
      'The linear model needs a weight for each output and feature and an intercept for each output.',
    );
  }
}

function validateOutputs(fitted: FittedPipeline): void {
  const { task, classes } = fitted;
  const link = linkOf(fitted);
  const scores = scoreWidth(fitted);
  if (!isClassifier(fitted)) {
    if (classes.length > 0) throw badPipeline(`A pipeline for ${task} has no classes.`);
    if (scores !== 1) throw badPipeline(`A pipeline for ${task} has one score, not ${scores}.`);
    if (link === 'softmax') throw badPipeline(`The link softmax does not suit ${task}.`);
    return;
  }
  if (new Set(classes).size !== classes.length) throw badPipeline('A class name occurs twice.');
  if (task === 'binary' && classes.length !== 2) {
    throw badPipeline(`A binary pipeline has 2 classes, not ${classes.length}.`);
  }
  if (classes.length < 2) throw badPipeline('A classifier has at least 2 classes.');
  if (scores !== classes.length && !(task === 'binary' && scores === 1)) {
    throw badPipeline(`${scores} scores cannot tell ${classes.length} classes apart.`);
  }
  if (link === 'exp') throw badPipeline(`The link exp does not suit ${task}.`);
  if (link === 'softmax' && scores === 1) throw badPipeline('The link softmax needs a score for each class.');
  if (link === 'logistic' && scores !== 1) {
    throw badPipeline(
      'The link logistic with a score for each class does not give probabilities that sum to 1.',
    );
  }
}
