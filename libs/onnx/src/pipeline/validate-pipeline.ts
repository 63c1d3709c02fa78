import { errors, type ErrorDetails } from '@steward/kernel';
import type { FittedEncoder, FittedPipeline, LinearModel, PipelineInput } from '@steward/learning';

import { featureLayout, isClassifier, linkOf, scoreWidth } from './feature-layout';
import { validateEnsemble } from './validate-ensemble';

const TASKS: readonly string[] = ['binary', 'multiclass', 'regression', 'ranking'];
const KINDS: readonly string[] = ['numeric', 'categorical', 'boolean', 'time'];
const LINKS: readonly string[] = ['identity', 'logistic', 'softmax', 'exp'];

/** The error of a pipeline that contradicts itself or holds what the format cannot say. */
export function badPipeline(sentence: string, details: ErrorDetails = {}) {
  return errors.invalid('ONNX.BAD_PIPELINE', sentence, { details });
}

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
  else validateLinear(fitted.predictor.model, features);
  validateOutputs(fitted);
  if (fitted.calibration) {
    throw badPipeline(
      `The pipeline is calibrated by ${fitted.calibration.kind}, which can not be written yet; calibrate by platt, ` +
        'which is folded into the model.',
    );
  }
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

function validateEncoder(encoder: FittedEncoder, index: number, inputs: Map<string, PipelineInput>): void {
  const input = inputs.get(encoder.input);
  if (input === undefined) throw badPipeline(`Encoder ${index} reads ${encoder.input}, which is no input.`);
  const categorical = encoder.kind !== 'number';
  if (categorical !== (input.kind === 'categorical')) {
    throw badPipeline(
      `Encoder ${index} (${encoder.kind}) cannot read ${input.name}, which is ${input.kind}.`,
    );
  }
  const width = encoder.kind === 'one-hot' ? encoder.categories.length : 1;
  if (encoder.width !== width) {
    throw badPipeline(`Encoder ${index} of ${input.name} says width ${encoder.width}; it must be ${width}.`);
  }
  if (encoder.kind === 'number') return;
  if (new Set(encoder.categories).size !== encoder.categories.length) {
    throw badPipeline(`Encoder ${index} of ${input.name} lists a category twice.`);
  }
  if (encoder.kind === 'lookup' && encoder.values.length !== encoder.categories.length) {
    throw badPipeline(`Encoder ${index} of ${input.name} needs one value for each category.`);
  }
  if (encoder.kind === 'one-hot' && encoder.missing !== null && !(encoder.missing in encoder.categories)) {
    throw badPipeline(`Encoder ${index} of ${input.name}: no category has the index ${encoder.missing}.`);
  }
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
