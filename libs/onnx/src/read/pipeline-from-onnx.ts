import { AppError } from '@steward/kernel';
import type {
  FittedEncoder,
  FittedPipeline,
  FittedPredictor,
  LinearModel,
  PipelineInput,
} from '@steward/learning';

import { decodeOnnx } from '../format/decode-onnx';
import type { OnnxModel } from '../format/onnx-model';
import { featureLayout } from '../pipeline/feature-layout';
import { INNER, LAYOUT_VERSION, PRODUCER, writeOnnx } from '../write/write-onnx';
import { GraphIndex, NotUnderstood } from './graph-index';
import { readCalibration } from './read-calibration';
import { readEncoders } from './read-encoders';
import { readMlp } from './read-mlp';
import { readTrees } from './read-trees';

/** A pipeline read back, and the metadata_props of its file. */
export interface ReadPipeline {
  readonly fitted: FittedPipeline;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the fitted pipeline back from an ONNX file that `writeOnnx` wrote, or returns null for any other file. What
 * is read is written again and must give the same bytes: nothing in the graph can be overlooked or misread.
 *
 * Scores equal the original's bit for bit. Node cover, which ONNX has no place for, is zero.
 */
export function pipelineFromOnnx(bytes: Uint8Array): ReadPipeline | null {
  try {
    const model = decodeOnnx(bytes);
    if (model.producerName !== PRODUCER || model.producerVersion !== LAYOUT_VERSION) return null;
    const metadata = Object.fromEntries(model.metadata.map(({ key, value }) => [key, value]));
    const fitted = readPipeline(model);
    return Buffer.compare(writeOnnx(fitted, metadata), bytes) === 0 ? { fitted, metadata } : null;
  } catch (error) {
    if (error instanceof NotUnderstood || AppError.is(error)) return null;
    throw error;
  }
}

function readPipeline({ graph: parts }: OnnxModel): FittedPipeline {
  const graph = new GraphIndex(parts);
  const encoders = readEncoders(graph);
  const classifier = graph.hasNode('label');
  return {
    task: parts.name.slice(INNER.length) as FittedPipeline['task'],
    inputs: parts.inputs.map(({ name, doc }) => ({ name, kind: doc as PipelineInput['kind'] })),
    encoders,
    predictor: readPredictor(graph, encoders),
    classes: classifier ? graph.strings('steward/classes') : [],
    ...readCalibration(graph),
  };
}

function readPredictor(graph: GraphIndex, encoders: readonly FittedEncoder[]): FittedPredictor {
  const link = readLink(graph);
  if (graph.hasNode('steward/trees')) return { kind: 'trees', ensemble: readTrees(graph, encoders, link) };
  const { features } = featureLayout(encoders);
  if (graph.hasNode('steward/layer/0/sums')) return { kind: 'mlp', model: readMlp(graph, features, link) };
  const intercepts = graph.doubles('steward/base');
  const outputs = intercepts.length;
  const weights = new Float64Array(features * outputs);
  if (features > 0) {
    const transposed = graph.doubles('steward/weights');
    for (let k = 0; k < outputs; k++) {
      for (let j = 0; j < features; j++)
        weights[k * features + j] = transposed[j * outputs + k] ?? Number.NaN;
    }
  }
  return { kind: 'linear', model: { features, outputs, weights, intercepts, link } };
}

function readLink(graph: GraphIndex): LinearModel['link'] {
  if (!graph.hasNode('steward/linked')) return 'identity';
  const { opType } = graph.node('steward/linked');
  if (opType === 'Sigmoid') return 'logistic';
  if (opType === 'Softmax') return 'softmax';
  if (opType === 'Exp') return 'exp';
  throw new NotUnderstood(`no link is called ${opType}`);
}
