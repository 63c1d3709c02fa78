import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { headersJson, type LogRecord, type OutgoingRecord } from '../log-record';
import { LENGTHS_BYTES, writeLengths } from '../packed-form';

/**
 * Many small events as one value of the log: a byte that says the format, then the events one behind the other (see
 * packed-form.ts), compressed with Brotli (RFC 7932).
 */
const FORMAT = 1;
/** No more than this comes out of a packed value, whatever it says: batches have 4 MiB at most. */
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;
/** Where the events are written before they are compressed; grows to what the largest batch needed. */
let scratch = Buffer.allocUnsafe(256 * 1024);

/** Packs the events, in their order. */
export function pack(records: readonly OutgoingRecord[]): Buffer {
  let end = 0;
  for (const record of records) end = write(record, end);
  const packed = brotliCompressSync(scratch.subarray(0, end), {
    // The fastest: what makes these events small is that they repeat each other, which it sees as well as the best.
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY },
    chunkSize: Math.max(constants.Z_MIN_CHUNK, end >> 1),
  });
  return Buffer.concat([Buffer.of(FORMAT), packed]);
}

function write(record: OutgoingRecord, start: number): number {
  const { packed } = record;
  if (packed) {
    makeRoom(start, packed.bytes);
    packed.copyTo(scratch, start);
    return start + packed.bytes;
  }
  const { key, value } = record;
  const headers = headersJson(record);
  // At most three bytes a UTF-16 unit.
  makeRoom(start, LENGTHS_BYTES + 3 * (key.length + headers.length) + value.length);
  let at = start + LENGTHS_BYTES;
  const keyBytes = scratch.write(key, at, 'utf8');
  at += keyBytes;
  const headersBytes = scratch.write(headers, at, 'utf8');
  at += headersBytes;
  scratch.set(value, at);
  writeLengths(scratch, start, keyBytes, headersBytes, value.length);
  return at + value.length;
}

function makeRoom(used: number, more: number): void {
  if (used + more <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(2 * scratch.length, used + more));
  scratch.copy(larger, 0, 0, used);
  scratch = larger;
}

/** A row of the log that holds packed events. */
export interface PackedRow {
  readonly topic: string;
  readonly partition: number;
  /** Of its last event. */
  readonly offset: number;
  readonly events: number;
  readonly value: Buffer;
}

/**
 * The events of a row, in their order. A row that cannot be read gives as many events without headers, the first with the
 * row's value: no consumer takes such an event for one, and the dead letters keep it.
 */
export function unpack(row: PackedRow): LogRecord[] {
  const { topic, partition, events, value } = row;
  const first = row.offset - events + 1;
  try {
    return read(value, events).map((record, index) => ({
      topic,
      partition,
      offset: first + index,
      ...record,
    }));
  } catch {
    return Array.from({ length: events }, (_, index) => ({
      topic,
      partition,
      offset: first + index,
      key: null,
      headers: {},
      value: index === 0 ? value : Buffer.alloc(0),
    }));
  }
}

function read(value: Buffer, events: number): Pick<LogRecord, 'key' | 'headers' | 'value'>[] {
  if (value[0] !== FORMAT) throw new Error('The format of the packed events is not known.');
  const bytes = brotliDecompressSync(value.subarray(1), { maxOutputLength: MOST_UNPACKED_BYTES });
  let at = 0;
  const next = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('The packed events end too soon.');
    return bytes.subarray(at, (at += length));
  };
  const records = Array.from({ length: events }, () => {
    const lengths = next(LENGTHS_BYTES);
    const [keyBytes, headersBytes, valueBytes] = [0, 4, 8].map((offset) => lengths.readUInt32LE(offset));
    return {
      key: next(keyBytes!).toString('utf8'),
      headers: JSON.parse(next(headersBytes!).toString('utf8')) as Record<string, string>,
      value: next(valueBytes!),
    };
  });
  if (at !== bytes.length) throw new Error('There are more packed events than the row says.');
  return records;
}
