import type { PackedForm } from './packed-form';

/** A record on its way to the log. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
  /** Where it was written so, and the other properties are made of it when they are asked for. */
  readonly packed?: PackedForm;
}

/** Bytes of the value. */
export const valueBytes = (record: OutgoingRecord): number =>
  record.packed ? record.packed.valueBytes : record.value.length;

export const headersJson = (record: OutgoingRecord): string =>
  record.packed ? record.packed.headersJson() : JSON.stringify(record.headers);

/** A record as it stands in the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

/** One partition of a topic, as a key of maps and in messages. */
export const partitionName = (topic: string, partition: number): string => `${topic}/${partition}`;
