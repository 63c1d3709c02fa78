import { errors, type AppError } from '@steward/kernel';
import { featureMeans, type FittedPipeline, type Table, type TreeEnsemble } from '@steward/learning';
import { preorder } from '../pipeline/preorder';
import { pipelineFromOnnx } from '../read/pipeline-from-onnx';

/** The key of metadata_props under which a file carries what its explanations start from. */
const KEY = 'explanation';
const VERSION = 1;

/** What stands there, as JSON: aggregates over the training rows, never a row. */
interface ExplanationData {
  readonly version: typeof VERSION;
  /** Rows that it was taken over. */
  readonly rows: number;
  /**
   * `cover`: of trees, the sum of hessians or weights of the training rows in each leaf, in preorder. `means`: of linear
   * models, the mean of each feature.
   */
  readonly kind: 'cover' | 'means';
  /** Doubles, little-endian, base64. */
  readonly values: string;
}

/** A pipeline that can be explained as it was when it was fitted. */
export interface ExplainablePipeline {
  /** With node cover, where it has trees. */
  readonly fitted: FittedPipeline;
  /** Means of the features, for linear models. */
  readonly means: Float64Array | undefined;
  /** Number of training rows that the expected score is over. */
  readonly rows: number;
}

/**
 * What an ONNX file must carry so that its predictions can be explained later, as metadata for `writeOnnx`: ONNX itself
 * has no place for node cover. `training` are the rows that the pipeline was fitted on. Depends on the arguments alone.
 * Nothing for a network, which has no exact Shapley values here.
 */
export function explanationMetadata(
  fitted: FittedPipeline,
  training: Table,
): Readonly<Record<string, string>> {
  const { predictor } = fitted;
  if (predictor.kind === 'mlp') return {};
  const [kind, values] =
    predictor.kind === 'trees'
      ? (['cover', leafCovers(predictor.ensemble)] as const)
      : (['means', featureMeans(fitted, training)] as const);
  const data: ExplanationData = { version: VERSION, rows: training.rows, kind, values: toBase64(values) };
  return { [KEY]: JSON.stringify(data) };
}

/**
 * Reads back from an ONNX file that Steward wrote what explanations need.
 *
 * @throws AppError ONNX.NOT_EXPLAINABLE, which says why: a file of another tool, one without explanation data, a network
 */
export function explainableFromOnnx(bytes: Uint8Array): ExplainablePipeline {
  const own = pipelineFromOnnx(bytes);
  if (own === null) throw notExplainable('its ONNX file was not written by Steward');
  const { fitted, metadata } = own;
  const { predictor } = fitted;
  if (predictor.kind === 'mlp') throw notExplainable('a neural network has no exact Shapley values here');
  const data = parse(metadata[KEY]);
  const values = fromBase64(data.values);
  if (data.kind === 'cover' && predictor.kind === 'trees') {
    const ensemble = withCover(predictor.ensemble, values);
    const whole: FittedPipeline = { ...fitted, predictor: { kind: 'trees', ensemble } };
    return { fitted: whole, means: undefined, rows: data.rows };
  }
  if (data.kind !== 'means' || predictor.kind !== 'linear' || values.length !== predictor.model.features)
    throw damaged();
  return { fitted, means: values, rows: data.rows };
}

function leafCovers(ensemble: TreeEnsemble): Float64Array {
  const leaves: number[] = [];
  for (const node of preorder(ensemble)) if (ensemble.left[node]! < 0) leaves.push(ensemble.cover[node]!);
  return Float64Array.from(leaves);
}

/** A node's cover is that of its children together, so that shares add up to 1 at every split. */
function withCover(ensemble: TreeEnsemble, leaves: Float64Array): TreeEnsemble {
  const cover = new Float64Array(ensemble.cover.length);
  const order = preorder(ensemble);
  let next = 0;
  for (const node of order) {
    if (ensemble.left[node]! >= 0) continue;
    const value = leaves[next++];
    if (value === undefined || !Number.isFinite(value) || value < 0) throw damaged();
    cover[node] = value;
  }
  if (next !== leaves.length) throw damaged();
  for (const node of order.toReversed()) {
    if (ensemble.left[node]! >= 0) cover[node] = cover[ensemble.left[node]!]! + cover[ensemble.right[node]!]!;
  }
  return { ...ensemble, cover };
}

function parse(json: string | undefined): ExplanationData {
  if (json === undefined)
    throw notExplainable('its file carries no node cover or feature means; train it again with this release');
  try {
    const data = JSON.parse(json) as Partial<ExplanationData>;
    if (data.version === VERSION && Number.isSafeInteger(data.rows) && typeof data.values === 'string')
      return data as ExplanationData;
  } catch {
    // Told below.
  }
  throw damaged();
}

function toBase64(values: Float64Array): string {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return bytes.toString('base64');
}

function fromBase64(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return Float64Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => bytes.readDoubleLE(i * 8));
}

const damaged = (): AppError => notExplainable('the explanation data in its file do not fit its graph');

function notExplainable(why: string): AppError {
  return errors.invalid('ONNX.NOT_EXPLAINABLE', `This model cannot be explained: ${why}.`);
}
