/**
 * How an event stands in packed telemetry: the bytes of its key, of its headers (JSON) and of its value as three uint32
 * (little-endian), and the three themselves.
 */
export const LENGTHS_BYTES = 12;

/** An event in this form, in memory of somebody else's. */
export interface PackedForm {
  /** As murmur2 has it: see `hashOf`. */
  readonly keyHash: number;
  readonly valueBytes: number;
  readonly bytes: number;
  headersJson(): string;
  /** `target` has room for all {@link bytes} of it from there on. */
  copyTo(target: Buffer, at: number): void;
}

/** What stands in front of an event; returns where it goes on. */
export function writeLengths(
  target: Buffer,
  at: number,
  keyBytes: number,
  headersBytes: number,
  valueBytes: number,
): number {
  target.writeUInt32LE(keyBytes, at);
  target.writeUInt32LE(headersBytes, at + 4);
  return target.writeUInt32LE(valueBytes, at + 8);
}
