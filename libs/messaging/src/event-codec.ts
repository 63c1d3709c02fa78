import {
  allEvents,
  MAX_EVENT_BYTES,
  type EventDefinition,
  type EventEnvelope,
  type PayloadOf,
} from '@steward/contracts';
import { errors } from '@steward/kernel';
import { toEnvelope, toHeaders } from './event-headers';
import type { LogRecord, OutgoingRecord } from './log-record';
import { partitionOf } from './partition-of';

export const CONTENT_TYPES = { json: 'application/json', protobuf: 'application/protobuf' } as const;

const catalogue = new Map<string, EventDefinition>(
  allEvents.map((definition) => [`${definition.topic.name} ${definition.type}`, definition]),
);

/** A decoded event with its definition. */
export interface DecodedEvent {
  readonly definition: EventDefinition;
  readonly envelope: EventEnvelope;
  readonly payload: unknown;
}

function encodePayload<Definition extends EventDefinition>(
  definition: Definition,
  payload: PayloadOf<Definition>,
): Buffer {
  if (definition.format === 'protobuf') return Buffer.from(definition.codec.encode(payload).finish());
  const parsed = definition.schema.safeParse(payload);
  if (parsed.success) return Buffer.from(JSON.stringify(parsed.data), 'utf8');
  throw errors.invalid('EVENT.INVALID', `The event ${definition.type} breaks its schema.`, {
    details: { issues: parsed.error.issues.map(({ path, code }) => ({ path: path.join('.'), code })) },
  });
}

/** Checks and encodes an event. Throws AppError `EVENT.INVALID`: schema broken, too large, source not the owner. */
export function encodeEvent<Definition extends EventDefinition>(
  definition: Definition,
  envelope: EventEnvelope,
  payload: PayloadOf<Definition>,
): OutgoingRecord {
  const { topic, format } = definition;
  requireWritable(definition, envelope);
  const value = encodePayload(definition, payload);
  requireSmall(definition, value);
  return {
    topic: topic.name,
    partition: partitionOf(envelope.subject, topic.partitions),
    key: envelope.subject,
    headers: toHeaders(envelope, CONTENT_TYPES[format]),
    value,
  };
}

/** Throws AppError `EVENT.INVALID`: not in the registry, source not the owner, no subject. */
export function requireWritable(
  definition: EventDefinition,
  envelope: Pick<EventEnvelope, 'source' | 'subject'>,
): void {
  const { topic, type } = definition;
  if (catalogue.get(`${topic.name} ${type}`) !== definition) {
    throw errors.invalid('EVENT.INVALID', `The event ${type} is not in the registry of contracts.`);
  }
  if (envelope.source !== topic.owner) {
    throw errors.invalid(
      'EVENT.INVALID',
      `${envelope.source} may not write ${topic.name}, which is ${topic.owner}'s.`,
    );
  }
  if (envelope.subject === '') throw errors.invalid('EVENT.INVALID', `The event ${type} has no subject.`);
}

/** Throws AppError `EVENT.INVALID` for an encoded payload that is too large. */
export function requireSmall({ type }: EventDefinition, value: Uint8Array): void {
  if (value.length <= MAX_EVENT_BYTES) return;
  throw errors.invalid(
    'EVENT.INVALID',
    `The event ${type} has ${value.length} bytes; ${MAX_EVENT_BYTES} is the most. Make it an artifact.`,
  );
}

/** Decodes and checks a record. Throws AppErrors `EVENT.UNDECODABLE`, `EVENT.UNKNOWN` and `EVENT.INVALID`. */
export function decodeEvent(record: LogRecord): DecodedEvent {
  const envelope = toEnvelope(record.headers);
  const definition = catalogue.get(`${record.topic} ${envelope.type}`);
  if (!definition) {
    throw errors.invalid('EVENT.UNKNOWN', `The topic ${record.topic} has no event of type ${envelope.type}.`);
  }
  if (envelope.source !== definition.topic.owner) {
    throw errors.invalid('EVENT.INVALID', `${envelope.source} may not write ${record.topic}.`);
  }
  return { definition, envelope, payload: decodePayload(definition, record.value) };
}

function decodePayload(definition: EventDefinition, value: Buffer): unknown {
  let raw: unknown;
  try {
    if (definition.format === 'protobuf') return definition.codec.decode(value);
    raw = JSON.parse(value.toString('utf8'));
  } catch (error) {
    throw errors.invalid('EVENT.UNDECODABLE', `The event ${definition.type} cannot be decoded.`, {
      cause: error,
    });
  }
  const parsed = definition.schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { path, code } = parsed.error.issues[0]!;
  throw errors.invalid(
    'EVENT.INVALID',
    `The event ${definition.type} breaks its schema at ${path.join('.')}: ${code}.`,
  );
}
