import { AppError, sha256 } from '@steward/kernel';
import type {
  Calibration,
  FittedPipeline,
  FittedPredictor,
  LinearModel,
  MlpLayer,
  MlpModel,
  TreeEnsemble,
} from '@steward/learning';

import { validatePipeline } from '../pipeline/validate-pipeline';
import { encoderFromJson, encoderToJson, type EncoderJson } from './encoder-json';
import { damaged, packSections, SectionReader, type Section, type SectionEntry } from './model-sections';

/** The first bytes of a model file. */
const MAGIC = 'STWDMODL';
const VERSION = 1;
/** Magic, version, length of the header. */
const PREFIX = 16;
/** The SHA-256 at the end. */
const SUFFIX = 32;

/** The sizes of a network: the units of each layer, the scores last. */
type MlpHead = { readonly kind: 'mlp'; readonly units: readonly number[] } & Pick<
  MlpModel,
  'features' | 'link'
>;

interface Header {
  readonly task: FittedPipeline['task'];
  readonly inputs: FittedPipeline['inputs'];
  readonly encoders: readonly EncoderJson[];
  readonly classes: readonly string[];
  /** Left out where the pipeline has none. */
  readonly calibration?: Calibration;
  readonly predictor:
    | ({ readonly kind: 'trees' } & Pick<TreeEnsemble, 'features' | 'outputs' | 'aggregate' | 'link'>)
    | ({ readonly kind: 'linear' } & Pick<LinearModel, 'features' | 'outputs' | 'link'>)
    | MlpHead;
  readonly metadata: Readonly<Record<string, string>>;
  readonly sections: readonly SectionEntry[];
}

/**
 * Encodes a fitted pipeline as a compact file that keeps all of it, node cover included, for explanations.
 *
 * Layout: the 8 bytes STWDMODL, version and header length (both uint32, little-endian), the header (JSON, padded by
 * spaces to a multiple of 8), the typed arrays at multiples of 8, the SHA-256 of all bytes before it. The header
 * holds the metadata (digests of data, pipeline and parameters) sorted by key. Equal arguments give equal bytes.
 *
 * @throws AppError ONNX.BAD_PIPELINE if the pipeline contradicts itself.
 */
export function encodeModel(
  fitted: FittedPipeline,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  validatePipeline(fitted);
  const { entries, body } = packSections(sectionsOf(fitted.predictor));
  const header: Header = {
    task: fitted.task,
    inputs: fitted.inputs.map(({ name, kind }) => ({ name, kind })),
    encoders: fitted.encoders.map(encoderToJson),
    classes: fitted.classes,
    ...(fitted.calibration && { calibration: fitted.calibration }),
    predictor: predictorHead(fitted.predictor),
    metadata: Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
    sections: entries,
  };
  const json = Buffer.from(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const end = PREFIX + headerLength + body.length;
  const bytes = new Uint8Array(end + SUFFIX).fill(0x20, PREFIX, PREFIX + headerLength);
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, headerLength, true);
  bytes.set(json, PREFIX);
  bytes.set(body, PREFIX + headerLength);
  bytes.set(Buffer.from(sha256(bytes.subarray(0, end)), 'hex'), end);
  return bytes;
}

/**
 * Reads a file that {@link encodeModel} wrote.
 *
 * @throws AppError ONNX.BAD_MODEL_FILE if it is cut off, changed, of a later version or no such file at all.
 */
export function decodeModel(bytes: Uint8Array): {
  fitted: FittedPipeline;
  metadata: Readonly<Record<string, string>>;
} {
  const { header, body } = readHeader(bytes);
  try {
    const sections = new SectionReader(header.sections, body);
    const fitted: FittedPipeline = {
      task: header.task,
      inputs: header.inputs,
      encoders: header.encoders.map(encoderFromJson),
      predictor: readPredictor(header.predictor, sections),
      classes: header.classes,
      ...(header.calibration && { calibration: header.calibration }),
    };
    validatePipeline(fitted);
    return { fitted, metadata: header.metadata };
  } catch (cause) {
    if (AppError.is(cause) && cause.code === 'ONNX.BAD_MODEL_FILE') throw cause;
    throw damaged(cause instanceof Error ? cause.message : 'its header is wrong', cause);
  }
}

function readHeader(bytes: Uint8Array): { header: Header; body: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREFIX || Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== MAGIC) {
    throw damaged('it does not begin as one');
  }
  const version = view.getUint32(8, true);
  if (version !== VERSION) throw damaged(`its version is ${version}, and this release reads ${VERSION}`);
  const whole = bytes.length - SUFFIX;
  const digest = Buffer.from(bytes.subarray(Math.max(0, whole))).toString('hex');
  if (sha256(bytes.subarray(0, Math.max(0, whole))) !== digest) throw damaged('its digest does not match');
  const end = PREFIX + view.getUint32(12, true);
  if (end > whole) throw damaged('its header is cut off');
  try {
    const header = JSON.parse(Buffer.from(bytes.subarray(PREFIX, end)).toString('utf8')) as Header;
    return { header, body: bytes.subarray(end, whole) };
  } catch (cause) {
    throw damaged('its header is no JSON', cause);
  }
}

function predictorHead(predictor: FittedPredictor): Header['predictor'] {
  if (predictor.kind === 'linear') {
    const { features, outputs, link } = predictor.model;
    return { kind: 'linear', features, outputs, link };
  }
  if (predictor.kind === 'mlp') {
    const { features, layers, link } = predictor.model;
    return { kind: 'mlp', features, units: layers.map((layer) => layer.outputs), link };
  }
  const { features, outputs, aggregate, link } = predictor.ensemble;
  return { kind: 'trees', features, outputs, aggregate, link };
}

function sectionsOf(predictor: FittedPredictor): Record<string, Section> {
  if (predictor.kind === 'linear') {
    const { weights, intercepts } = predictor.model;
    return { weights, intercepts };
  }
  if (predictor.kind === 'mlp') {
    const { layers } = predictor.model;
    return Object.fromEntries(
      layers.flatMap(({ weights, biases }, i) => [
        [`weights${i}`, weights],
        [`biases${i}`, biases],
      ]),
    );
  }
  const { base, roots, treeOutput, feature, threshold, left, right } = predictor.ensemble;
  const { missingLeft, categoryOffset, categoryBits, leafValues, cover } = predictor.ensemble;
  const first = { base, roots, treeOutput, feature, threshold, left, right };
  return { ...first, missingLeft, categoryOffset, categoryBits, leafValues, cover };
}

function readPredictor(head: Header['predictor'], sections: SectionReader): FittedPredictor {
  if (head.kind === 'linear') {
    const { features, outputs, link } = head;
    const arrays = { weights: sections.f64('weights'), intercepts: sections.f64('intercepts') };
    return { kind: 'linear', model: { features, outputs, ...arrays, link } };
  }
  if (head.kind === 'mlp') return { kind: 'mlp', model: readMlp(head, sections) };
  const { features, outputs, aggregate, link } = head;
  const ensemble: TreeEnsemble = {
    features,
    outputs,
    aggregate,
    link,
    base: sections.f64('base'),
    roots: sections.i32('roots'),
    treeOutput: sections.i32('treeOutput'),
    feature: sections.i32('feature'),
    threshold: sections.f64('threshold'),
    left: sections.i32('left'),
    right: sections.i32('right'),
    missingLeft: sections.u8('missingLeft'),
    categoryOffset: sections.i32('categoryOffset'),
    categoryBits: sections.u32('categoryBits'),
    leafValues: sections.f64('leafValues'),
    cover: sections.f64('cover'),
  };
  return { kind: 'trees', ensemble };
}

function readMlp({ features, units, link }: MlpHead, sections: SectionReader): MlpModel {
  const layers = units.map((outputs, i): MlpLayer => {
    const inputs = i === 0 ? features : units[i - 1]!;
    return { inputs, outputs, weights: sections.f64(`weights${i}`), biases: sections.f64(`biases${i}`) };
  });
  return { features, outputs: units.at(-1)!, layers, link };
}
