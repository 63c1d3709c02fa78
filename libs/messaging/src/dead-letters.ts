import type { UnitOfWork } from '@steward/database';

/** An event that this service could not handle, as people see it. */
export interface DeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  /** Event type and id, where the headers could be read. */
  readonly type: string | null;
  readonly eventId: string | null;
  readonly project: string | null;
  readonly correlation: string | null;
  /** The handler that gave up; null: the event could not be decoded for any. */
  readonly consumer: string | null;
  readonly code: string;
  readonly reason: string;
  readonly state: 'waiting' | 'replayed';
  /** ISO 8601. */
  readonly createdAt: string;
  readonly replayedAt: string | null;
}

/** An event of the same key that came after a dead letter. */
export interface LaterEvent {
  readonly offset: number;
  readonly type: string;
  readonly eventId: string;
  readonly time: string;
}

/** A service's dead letters. Abstract class = injection token. */
export abstract class DeadLetters {
  /** Newest last, at most `limit` (100 by default, 1,000 at most) after the id `after`. */
  abstract list(options?: {
    readonly limit?: number;
    readonly after?: string;
    readonly state?: 'waiting' | 'replayed';
  }): Promise<{ readonly items: readonly DeadLetter[]; readonly next: string | null }>;

  /** One dead letter with the later events of its key (100 at most). Throws `EVENT.DEAD_LETTER_UNKNOWN`. */
  abstract find(id: string): Promise<DeadLetter & { readonly later: readonly LaterEvent[] }>;

  /**
   * Gives the event to its handler again, in one transaction. Where later events of its key exist, `laterSeen` must name
   * the offset of the last one of {@link find}, as a sign that somebody has looked: otherwise `EVENT.LATER_EVENTS_UNSEEN`
   * (conflict) with those events in `details.later`. What the handler throws comes back, and the letter stays.
   * `record` is called in that transaction, to write who did it into the audit log.
   */
  abstract replay(
    id: string,
    options?: { readonly laterSeen?: number; readonly record?: (unit: UnitOfWork) => void },
  ): Promise<DeadLetter>;
}
