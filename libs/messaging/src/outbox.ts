import type {
  EventEnvelope,
  JsonEventDefinition,
  PayloadOf,
  ProtobufEventDefinition,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { OutgoingRecord } from './log-record';

/** What a producer says of an event; the rest of the envelope is filled in. */
export interface OutgoingEvent<Definition> {
  /** Aggregate id: the partition key. */
  readonly subject: string;
  readonly project: string | null;
  readonly correlation: string;
  readonly actor: string;
  readonly payload: PayloadOf<Definition>;
}

/** Domain events: written to the outbox in the transaction of the change, relayed to the log after commit. */
export abstract class Outbox {
  /**
   * Adds an event to the unit of work. It is checked against its schema at once and written just before COMMIT,
   * so that events of one aggregate keep the order in which its row was locked. Returns the event's id.
   * Throws AppError `EVENT.INVALID` (breaks its schema, too large, foreign topic).
   */
  abstract publish<Definition extends JsonEventDefinition>(
    unit: UnitOfWork,
    definition: Definition,
    event: OutgoingEvent<Definition>,
  ): string;
}

/** A telemetry event; `id` where it must be the same event on each try. */
export type TelemetryEvent<Message> = Omit<OutgoingEvent<never>, 'payload'> & {
  readonly payload: Message;
  readonly id?: string;
};

/** An event as bytes that can be kept on a disk. However often it is sent, readers apply it once. */
export interface SealedEvent extends OutgoingRecord {
  /** Of the value, which is not made to know them. */
  readonly valueBytes: number;
  /**
   * Says that nobody reads it any more, so that its memory can take another; it need not be said. Not while it is being
   * sent.
   */
  release?(): void;
}

/** A producer whose events are sealed now and sent later: always in the order in which they were sealed. */
export abstract class SealedTelemetry {
  /** Throws AppError `EVENT.INVALID`. */
  abstract seal<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    event: TelemetryEvent<Message>,
  ): SealedEvent;

  /**
   * The same of a message that its producer encoded, for events of which there are thousands a second. The value is copied:
   * its memory may be used again.
   */
  abstract sealEncoded(
    definition: ProtobufEventDefinition,
    event: Omit<TelemetryEvent<never>, 'payload'>,
    value: Uint8Array,
  ): SealedEvent;
}

/** Telemetry: appended straight to the log in batches; no business transaction. */
export abstract class TelemetryLog {
  /**
   * Resolves when the event is durable in the log (PostgreSQL: committed; Kafka: acks=all). Concurrent calls share
   * batches. Rejects with a retriable AppError when the bus is away; the event may then still have been written.
   */
  abstract append<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    event: TelemetryEvent<Message>,
  ): Promise<EventEnvelope>;

  /** A new producer of sealed events, with an id and sequences of its own. */
  abstract sealed(): SealedTelemetry;

  /**
   * Appends sealed events of one producer in their order; one try, which resolves when all are durable. Rejects with a
   * retriable AppError when the bus is away: send the same ones again, from the first, before any later ones.
   */
  abstract send(events: readonly SealedEvent[]): Promise<void>;
}

/** Which events of one subject are wanted of the log. */
export interface TelemetrySearch<Message> {
  /** The events' subject, by which they are keyed. */
  readonly subject: string;
  /** When they were made at the earliest, milliseconds since the epoch. */
  readonly fromMs: number;
  /** True for the event that is looked for: the search ends there. */
  readonly wanted: (payload: Message) => boolean;
}

/** What a search in the log came to. `unknown`: it ended at its bound, and the event may stand further on. */
export type FoundTelemetry<Message> =
  | { readonly state: 'found'; readonly payload: Message }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' };

/** The service's own telemetry as it stands in the log, for as long as its topic keeps it. */
export abstract class TelemetryHistory {
  /**
   * Looks for one event: in its partition, from its time on, within a bounded number of records. For people who ask about
   * one event; on Kafka it takes seconds. Rejects with a retriable AppError while the bus is away, or where too many
   * search at the same time; with EVENT.INVALID for a topic of another service.
   */
  abstract find<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    search: TelemetrySearch<Message>,
  ): Promise<FoundTelemetry<Message>>;
}
