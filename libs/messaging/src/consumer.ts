import type { EventDefinition, EventEnvelope, PayloadOf } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';

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
 * group's next offset in one transaction, so each event has its effect exactly once. Nest providers that extend this
 * and carry `@Consumes` are found and run by MessagingModule.
 */
export abstract class EventConsumer<Definition extends EventDefinition, Tables = unknown> {
  abstract readonly event: Definition;
  abstract handle(event: IncomingEvent<Definition>, unit: UnitOfWork<Tables>): Promise<HandlerResult>;
}
