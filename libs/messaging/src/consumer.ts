import type { EventDefinition, EventEnvelope, PayloadOf } from '@steward/contracts';
import type { AnyTables, UnitOfWork } from '@steward/database';

/** An event as a handler gets it: decoded and checked. */
export interface IncomingEvent<Definition> extends EventEnvelope {
  readonly payload: PayloadOf<Definition>;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * What became of an event. Throwing: an error that is retriable stops the partition with back-off for as long as it
 * lasts; any other is tried 5 times and then dead-lettered (topics that may not skip: the partition stops and alarms).
 * `ok` and `drop` keep what was done through `unit`, `dead-letter` and `retry` undo it. On a topic that may not skip,
 * `dead-letter` stops the partition too.
 */
export type HandlerResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'dead-letter'; readonly reason: string }
  | { readonly kind: 'retry'; readonly afterMs: number };

export const handled = {
  ok: { kind: 'ok' } as HandlerResult,
  drop: (reason: string): HandlerResult => ({ kind: 'drop', reason }),
  deadLetter: (reason: string): HandlerResult => ({ kind: 'dead-letter', reason }),
  retry: (afterMs: number): HandlerResult => ({ kind: 'retry', afterMs }),
} as const;

/**
 * Handles one type of event. Effects go through `unit.tx` alone: the runner commits a whole batch, its effects and the
 * group's next offset in one transaction, so each event has its effect exactly once. Nest providers
 * that extend this are found and run by MessagingModule; the class name stands in dead letters and metrics.
 */
export abstract class EventConsumer<Definition extends EventDefinition, Tables = AnyTables> {
  abstract readonly event: Definition;
  abstract handle(event: IncomingEvent<Definition>, unit: UnitOfWork<Tables>): Promise<HandlerResult>;
}
