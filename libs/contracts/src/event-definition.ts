import type { z } from 'zod';
import type { ServiceName } from './services';

/** A topic: who may write it and how its log behaves. `steward.<service>.<aggregate>.v1`. */
export interface TopicDefinition {
  readonly name: string;
  /** The one service that may write it. */
  readonly owner: ServiceName;
  readonly partitions: number;
  /** Days that records are kept; null: for ever. */
  readonly retentionDays: number | null;
  /** False for audit, approval, alias, policy and erasure topics: a consumer stops there instead of dead-lettering. */
  readonly maySkip: boolean;
  /** `domain`: JSON through the outbox. `telemetry`: protobuf, appended in batches by its producer. */
  readonly kind: 'domain' | 'telemetry';
}

/** A domain event: JSON, checked by schema on the way out and on the way in. */
export interface JsonEventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly format: 'json';
  readonly type: Type;
  readonly topic: TopicDefinition;
  readonly schema: Schema;
}

/** What ts-proto generates for a message. */
export interface ProtobufCodec<Message> {
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** A telemetry event: protobuf. */
export interface ProtobufEventDefinition<Type extends string = string, Message = unknown> {
  readonly format: 'protobuf';
  readonly type: Type;
  readonly topic: TopicDefinition;
  readonly codec: ProtobufCodec<Message>;
}

export type EventDefinition = JsonEventDefinition | ProtobufEventDefinition;

export type PayloadOf<Definition> =
  Definition extends JsonEventDefinition<string, infer Schema>
    ? z.output<Schema>
    : Definition extends ProtobufEventDefinition<string, infer Message>
      ? Message
      : never;

/** Everything around the payload; travels as CloudEvents 1.0 attributes in headers. */
export interface EventEnvelope {
  /** ce_id: UUID v7, unique per event. */
  readonly id: string;
  /** ce_type, for example `dataset-version.created`. */
  readonly type: string;
  /** ce_source: the producing service. */
  readonly source: ServiceName;
  /** ce_time, ISO 8601. */
  readonly time: string;
  /** ce_subject: id of the aggregate; also the partition key (telemetry: the prediction id). */
  readonly subject: string;
  /** ce_stewardproject, or null for what belongs to no project. */
  readonly project: string | null;
  /** ce_stewardcorrelation: one id through a whole chain of causes. */
  readonly correlation: string;
  /** ce_stewardactor: id of the principal (person, machine or service) whose act caused it. */
  readonly actor: string;
  /** W3C trace context. */
  readonly traceparent?: string;
}

export function defineTopic(topic: TopicDefinition): TopicDefinition {
  return Object.freeze(topic);
}

export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  topic: TopicDefinition,
  schema: Schema,
): JsonEventDefinition<Type, Schema> {
  return Object.freeze({ format: 'json', type, topic, schema });
}

export function defineTelemetry<const Type extends string, Message>(
  type: Type,
  topic: TopicDefinition,
  codec: ProtobufCodec<Message>,
): ProtobufEventDefinition<Type, Message> {
  return Object.freeze({ format: 'protobuf', type, topic, codec });
}

/** The largest event, payload in bytes. What is bigger is an artifact named by its digest. */
export const MAX_EVENT_BYTES = 256 * 1024;
