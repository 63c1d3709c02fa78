import type { ProtobufCodec } from './event-definition';
import {
  PredictionLogged as Generated,
  type Column,
  type PredictionLogged,
} from './generated/steward/telemetry/v1/telemetry';
import { ScratchWriter } from './scratch-writer';

const writer = new ScratchWriter();

/**
 * The generated codec with an encoder written by hand, in about half the time: each answered request is encoded once.
 * The bytes are the same; a property test compares them, and fails when the message has a field that is not written here.
 */
export const predictionCodec: ProtobufCodec<PredictionLogged> = {
  encode(message) {
    writer.reset();
    write(message);
    const bytes = writer.copy();
    return { finish: () => bytes };
  },
  decode: (bytes) => Generated.decode(bytes),
};

function write(message: PredictionLogged): void {
  text(10, message.predictionId);
  count(16, message.firstRow);
  count(24, message.rows);
  text(34, message.project);
  text(42, message.model);
  count(48, message.modelVersion);
  text(58, message.modelDigest);
  for (const column of message.inputs) writeColumn(66, column);
  for (const column of message.sensitive) writeColumn(74, column);
  for (const subject of message.subjects) writer.text(82, subject);
  if (message.scores.length > 0) writer.doubles(90, message.scores);
  for (const label of message.labels) writer.text(98, label);
  count(104, message.timeMs);
  text(114, message.caller);
  text(122, message.dataset);
  if (message.role !== undefined) writer.text(130, message.role);
  if (message.rollout !== undefined) writer.text(138, message.rollout);
  if (message.held !== undefined) {
    const start = writer.begin(146);
    if (message.held.rows.length > 0) writer.varints(10, message.held.rows);
    writer.end(start);
  }
  if (message.scoreDecimals !== undefined) {
    writer.varint(152);
    writer.varint(message.scoreDecimals);
  }
  if (message.outOfDomain !== undefined) {
    const start = writer.begin(162);
    const { rows, columns } = message.outOfDomain;
    if (rows.length > 0) writer.varints(10, rows);
    for (const column of columns) writer.text(18, column);
    writer.end(start);
  }
}

function writeColumn(tag: number, { name, numbers, texts, missing }: Column): void {
  const start = writer.begin(tag);
  text(10, name);
  if (numbers.length > 0) writer.doubles(18, numbers);
  for (const value of texts) writer.text(26, value);
  if (missing.length > 0) writer.varints(34, missing);
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
