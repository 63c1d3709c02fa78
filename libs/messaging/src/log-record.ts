/** A record on its way to the log. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
  /** The headers as JSON, where they are known without making them first. */
  readonly headersJson?: () => string;
}

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
