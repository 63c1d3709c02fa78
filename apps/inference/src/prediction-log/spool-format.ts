import { crc32 } from 'node:zlib';
import type { SealedEvent } from '@steward/messaging';

/** A record on disk: [length of the rest, 4][CRC-32 of the rest, 4][length of the head, 4][head as JSON][value]. */
const PREFIX = 8;

export function encodeRecord({ topic, partition, key, headers, value }: SealedEvent): Buffer {
  const json = Buffer.from(JSON.stringify({ topic, partition, key, headers }), 'utf8');
  const record = Buffer.allocUnsafe(PREFIX + 4 + json.length + value.length);
  record.writeUInt32BE(4 + json.length + value.length, 0);
  record.writeUInt32BE(json.length, PREFIX);
  json.copy(record, PREFIX + 4);
  value.copy(record, PREFIX + 4 + json.length);
  record.writeUInt32BE(crc32(record.subarray(PREFIX)), 4);
  return record;
}

/** What a segment holds, in the order written, and how many bytes at its end cannot be read. */
export interface ReadSegment {
  readonly events: SealedEvent[];
  readonly damagedBytes: number;
}

/** Reads up to the first record that is cut off or does not have its checksum: nothing behind it can be trusted. */
export function decodeSegment(bytes: Buffer): ReadSegment {
  const events: SealedEvent[] = [];
  let at = 0;
  while (at + PREFIX + 4 <= bytes.length) {
    const end = at + PREFIX + bytes.readUInt32BE(at);
    const headEnd = at + PREFIX + 4 + bytes.readUInt32BE(at + PREFIX);
    if (end > bytes.length || headEnd > end) break;
    if (crc32(bytes.subarray(at + PREFIX, end)) !== bytes.readUInt32BE(at + 4)) break;
    const head = JSON.parse(bytes.toString('utf8', at + PREFIX + 4, headEnd)) as Omit<
      SealedEvent,
      'value' | 'valueBytes'
    >;
    events.push({ ...head, value: Buffer.from(bytes.subarray(headEnd, end)), valueBytes: end - headEnd });
    at = end;
  }
  return { events, damagedBytes: bytes.length - at };
}
