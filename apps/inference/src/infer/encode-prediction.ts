import { MAX_EVENT_BYTES, PredictionLogged, ScratchWriter, type ModelDescriptor } from '@steward/contracts';
import type { InputColumn } from '../engines/engine';
import { predictionEvents, type Prediction } from './prediction-events';

const writer = new ScratchWriter();
/** Tags of PredictionLogged: field number and wire type. */
const TAG = {
  predictionId: 10,
  firstRow: 16,
  rows: 24,
  project: 34,
  model: 42,
  modelVersion: 48,
  modelDigest: 58,
  input: 66,
  sensitive: 74,
  subject: 82,
  scores: 90,
  label: 98,
  timeMs: 104,
  caller: 114,
  dataset: 122,
  role: 130,
  rollout: 138,
  held: 146,
} as const;
const COLUMN = { name: 10, numbers: 18, text: 26, missing: 34 } as const;

/**
 * Gives the events of a request as bytes: the same as the generated code makes of `predictionEvents`, without a message in
 * between. One, or several with row ranges where one would pass 256 KiB: halved until each fits. The memory of each is used
 * again for the next.
 */
export function encodePrediction(prediction: Prediction, give: (event: Uint8Array) => void): void {
  // What the guards add is rare, and goes the long way.
  if (prediction.guarded)
    for (const event of predictionEvents(prediction)) give(PredictionLogged.codec.encode(event).finish());
  else encodeRange(prediction, 0, prediction.columns.rows, give);
}

function encodeRange(
  prediction: Prediction,
  from: number,
  to: number,
  give: (event: Uint8Array) => void,
): void {
  const event = encodeRows(prediction, from, to);
  if (to - from <= 1 || event.length <= MAX_EVENT_BYTES) return give(event);
  const middle = (from + to) >> 1;
  encodeRange(prediction, from, middle, give);
  encodeRange(prediction, middle, to, give);
}

function encodeRows(prediction: Prediction, from: number, to: number): Uint8Array {
  const { descriptor, columns, role, rollout } = prediction;
  writer.reset();
  writer.text(TAG.predictionId, prediction.id);
  count(TAG.firstRow, from);
  count(TAG.rows, to - from);
  const form = formOf(descriptor);
  text(TAG.project, prediction.project);
  writer.fields(form.model);
  if (columns.plain && columns.rows === 1 && form.row) writer.fields(form.row.filled(columns.plain));
  else if (columns.plain) writePlain(descriptor, columns.plain, from, to);
  else
    descriptor.inputs.forEach(({ name }, index) =>
      writeColumn(TAG.input, name, columns.inputs[index]!, from, to),
    );
  for (const { name, column } of columns.sensitive) writeColumn(TAG.sensitive, name, column, from, to);
  for (let row = from; row < Math.min(to, columns.subjects.length); row++)
    writer.text(TAG.subject, columns.subjects[row]!);
  writer.doubles(TAG.scores, prediction.scores, from, to);
  for (let row = from; row < to; row++) writer.text(TAG.label, prediction.labels[row]!);
  count(TAG.timeMs, prediction.timeMs);
  text(TAG.caller, prediction.caller);
  text(TAG.dataset, descriptor.dataset);
  if (role !== undefined) writer.text(TAG.role, role);
  if (rollout !== undefined) writer.text(TAG.rollout, rollout);
  writeHeld(prediction, from, to);
  return writer.written();
}

/** Inputs that lie row by row, without making columns of them. */
function writePlain({ inputs }: ModelDescriptor, plain: Float64Array, from: number, to: number): void {
  const width = inputs.length;
  inputs.forEach(({ name }, index) => {
    const start = writer.begin(TAG.input);
    text(COLUMN.name, name);
    writer.everyDouble(COLUMN.numbers, plain, from * width + index, width, to - from);
    writer.end(start);
  });
}

function writeColumn(tag: number, name: string, column: InputColumn, from: number, to: number): void {
  const start = writer.begin(tag);
  text(COLUMN.name, name);
  if (column.kind === 'numbers') writer.doubles(COLUMN.numbers, column.values, from, to);
  else {
    const missing: number[] = [];
    for (let row = from; row < to; row++) {
      const value = column.values[row];
      writer.text(COLUMN.text, value ?? '');
      if (value === null) missing.push(row - from);
    }
    if (missing.length > 0) writer.varints(COLUMN.missing, missing);
  }
  writer.end(start);
}

function writeHeld({ held = [] }: Prediction, from: number, to: number): void {
  if (held.length === 0) return;
  const rows = held.filter(({ row }) => row >= from && row < to).map(({ row }) => row - from);
  if (rows.length === 0) return;
  const start = writer.begin(TAG.held);
  writer.varints(COLUMN.name, rows);
  writer.end(start);
}

/** Proto3 leaves out what is empty or 0. */
function text(tag: number, value: string): void {
  if (value !== '') writer.text(tag, value);
}

function count(tag: number, value: number): void {
  if (value === 0) return;
  writer.varint(tag);
  writer.varint(value);
}

/** What is the same in all events of a model version. */
interface Form {
  /** Model, version and digest. */
  readonly model: Buffer;
  /** All inputs of one row, where they are numbers. */
  readonly row: RowForm | null;
}

const forms = new WeakMap<ModelDescriptor, Form>();

function formOf(descriptor: ModelDescriptor): Form {
  let form = forms.get(descriptor);
  if (!form) forms.set(descriptor, (form = makeForm(descriptor)));
  return form;
}

function makeForm({ model, version, digest, inputs }: ModelDescriptor): Form {
  const own = new ScratchWriter();
  const before = (tag: number, value: string) => value !== '' && own.text(tag, value);
  own.reset();
  before(TAG.model, model);
  if (version !== 0) {
    own.varint(TAG.modelVersion);
    own.varint(version);
  }
  before(TAG.modelDigest, digest);
  const named = own.copy();
  return {
    model: named,
    row: inputs.some(({ kind }) => kind === 'categorical') ? null : new RowForm(inputs),
  };
}

/** The inputs of one row with gaps for the numbers. Filled in place: what it gives is valid until the next row. */
class RowForm {
  private readonly bytes: Buffer;
  private readonly view: DataView;
  /** Where each number stands. */
  private readonly gaps: number[] = [];

  constructor(inputs: ModelDescriptor['inputs']) {
    const parts = inputs.map(({ name }) => {
      const own = new ScratchWriter();
      own.reset();
      const start = own.begin(TAG.input);
      if (name !== '') own.text(COLUMN.name, name);
      own.doubles(COLUMN.numbers, [0]);
      own.end(start);
      return own.copy();
    });
    let end = 0;
    for (const part of parts) this.gaps.push((end += part.length) - Float64Array.BYTES_PER_ELEMENT);
    this.bytes = Buffer.from(new Uint8Array(Buffer.concat(parts)).buffer);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  }

  filled(row: Float64Array): Buffer {
    for (let index = 0; index < this.gaps.length; index++)
      this.view.setFloat64(this.gaps[index]!, row[index]!, true);
    return this.bytes;
  }
}
