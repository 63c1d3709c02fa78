import { ScratchWriter, type ModelDescriptor } from '@steward/contracts';
import { answerParameters } from '../infer/answer-parameters';
import type { InferResult } from '../infer/infer';

const writer = new ScratchWriter();
/** Tags of ModelInferResponse: field number and wire type. */
const TAG = { modelName: 10, modelVersion: 18, id: 26, parameter: 34, output: 42, raw: 50 } as const;

/**
 * The answer to a request of raw tensors that wants all outputs, behind so many bytes of room for a frame: the bytes that the
 * generated code makes of `responseOf`, without the message in between.
 */
export function encodeAnswer(modelName: string, id: string, result: InferResult, headroom: number): Buffer {
  const { descriptor } = result.served;
  writer.reset(headroom);
  if (modelName !== '') writer.text(TAG.modelName, modelName);
  writer.text(TAG.modelVersion, String(descriptor.version));
  if (id !== '') writer.text(TAG.id, id);
  const parameters = answerParameters(result);
  for (const name in parameters) parameter(name, parameters[name]!);
  if (result.rows === 1) writer.fields(oneRowHeads(descriptor));
  else writeHeads(writer, result.rows, descriptor.classes.length);
  writeLabels(result.labels);
  // Numbers as they stand in raw contents are packed doubles.
  writer.doubles(TAG.raw, result.probabilities);
  return writer.copy();
}

function parameter(name: string, value: string | boolean): void {
  const entry = writer.begin(TAG.parameter);
  writer.text(10, name);
  const inner = writer.begin(18);
  if (typeof value === 'string') writer.text(26, value);
  else {
    writer.varint(8);
    writer.varint(value ? 1 : 0);
  }
  writer.end(inner);
  writer.end(entry);
}

const heads = new WeakMap<ModelDescriptor, Buffer>();

/** Names, datatypes and shapes of the outputs for one row: the same for all such answers of a model. */
function oneRowHeads(descriptor: ModelDescriptor): Buffer {
  let known = heads.get(descriptor);
  if (!known) {
    const own = new ScratchWriter();
    own.reset();
    writeHeads(own, 1, descriptor.classes.length);
    heads.set(descriptor, (known = own.copy()));
  }
  return known;
}

function writeHeads(into: ScratchWriter, rows: number, classes: number): void {
  writeHead(into, 'label', 'BYTES', [rows]);
  writeHead(into, 'probability', 'FP64', [rows, classes]);
}

function writeHead(into: ScratchWriter, name: string, datatype: string, shape: readonly number[]): void {
  const start = into.begin(TAG.output);
  into.text(10, name);
  into.text(18, datatype);
  into.varints(26, shape);
  into.end(start);
}

/** Each text with its length in front, four bytes. */
function writeLabels(labels: readonly string[]): void {
  const start = writer.begin(TAG.raw);
  for (const label of labels) writer.sizedText(label);
  writer.end(start);
}
