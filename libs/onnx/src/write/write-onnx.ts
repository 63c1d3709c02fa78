import type { FittedPipeline, PipelineInput } from '@steward/learning';

import { encodeOnnx } from '../format/encode-onnx';
import type { OnnxElementType } from '../format/onnx-model';
import { featureLayout } from '../pipeline/feature-layout';
import { badPipeline } from '../pipeline/bad-pipeline';
import { validatePipeline } from '../pipeline/validate-pipeline';
import { GraphBuilder, ML_DOMAIN } from './graph-builder';
import { writeConstant } from './write-constant';
import { writeEncoder } from './write-encoder';
import { writeLinear } from './write-linear';
import { writeMlp } from './write-mlp';
import { OUTPUT_NAMES, writeOutputs } from './write-outputs';
import { writeTrees } from './write-trees';

/** What every file states: ONNX IR 9, opset 17 of ai.onnx and 3 of ai.onnx.ml. */
export const ONNX_VERSIONS = { ir: 9, opset: 17, ml: 3 } as const;

export const PRODUCER = 'steward';
/** The version of the graph layout that `scorerFromOnnx` recognises. A change of layout needs a new one. */
export const LAYOUT_VERSION = '2';
/** Names of inner values begin with this, names of inputs may not. */
export const INNER = 'steward/';

const ELEMENT_TYPES: Readonly<Record<PipelineInput['kind'], OnnxElementType>> = {
  numeric: 'double',
  time: 'double',
  boolean: 'bool',
  categorical: 'string',
};

/**
 * Writes a fitted pipeline, preprocessing included, as one ONNX model.
 *
 * Inputs: one per pipeline input, of shape [N, 1], under its name: numeric and time DOUBLE (missing: NaN),
 * categorical STRING (missing: the empty string), boolean BOOL (cannot be missing). Outputs: `label` (STRING [N])
 * and `probability` (DOUBLE [N, classes]) of a classifier, `prediction` (DOUBLE [N]) of a regression or ranking.
 * Thresholds, encodings and the link are computed in doubles, so the branch taken in a tree is exact. ONNX's tree
 * operators give float32; leaves are written in two parts, so that sums lose nothing by it: predictions agree to
 * about 1e-12 of the largest score.
 *
 * The bytes depend on the arguments alone. `metadata` becomes metadata_props, sorted by key: give it nothing that
 * differs between two identical runs.
 *
 * @throws AppError ONNX.BAD_PIPELINE if the pipeline contradicts itself or holds what ONNX cannot say: the empty
 *   string as a category, a categorical split on a feature that is not ordinal-encoded, an input named like an output.
 */
export function writeOnnx(
  fitted: FittedPipeline,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  validatePipeline(fitted);
  const builder = new GraphBuilder();
  for (const input of fitted.inputs) writeInput(builder, input);
  const kinds = new Map(fitted.inputs.map(({ name, kind }) => [name, kind]));
  const parts = fitted.encoders.map((encoder, i) =>
    writeEncoder(builder, encoder, `${INNER}encoder/${i}`, kinds.get(encoder.input) === 'boolean'),
  );
  writeOutputs(builder, fitted, writePredictor(builder, fitted, parts));
  return encodeOnnx({
    irVersion: ONNX_VERSIONS.ir,
    opsets: [
      { domain: '', version: ONNX_VERSIONS.opset },
      { domain: ML_DOMAIN, version: ONNX_VERSIONS.ml },
    ],
    producerName: PRODUCER,
    producerVersion: LAYOUT_VERSION,
    graph: builder.build(`${INNER}${fitted.task}`),
    metadata: Object.keys(metadata)
      .sort()
      .map((key) => ({ key, value: metadata[key]! })),
  });
}

function writePredictor(builder: GraphBuilder, fitted: FittedPipeline, parts: readonly string[]): string {
  const { predictor, encoders, inputs } = fitted;
  if (featureLayout(encoders).features === 0) return writeConstant(builder, fitted, inputs[0]!.name);
  if (predictor.kind === 'trees') return writeTrees(builder, predictor.ensemble, encoders, parts);
  if (predictor.kind === 'mlp') return writeMlp(builder, predictor.model, parts);
  return writeLinear(builder, predictor.model, parts);
}

function writeInput(builder: GraphBuilder, { name, kind }: PipelineInput): void {
  if (name.startsWith(INNER) || OUTPUT_NAMES.includes(name)) {
    throw badPipeline(`An input cannot have the name ${name} in an ONNX model. Rename the column.`);
  }
  builder.input({ name, type: ELEMENT_TYPES[kind], dims: ['N', 1], doc: kind });
}
