import type { RetentionClass } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { RetentionOrder, RetentionPart } from './retention-order';

/** An order, and the run that it belongs to. */
export interface RunOrder extends RetentionOrder {
  readonly runId: string;
  readonly project: string;
}

/** What a run deleted in this service so far, durable. */
export abstract class RetentionJournal {
  /** For what has bytes of its own: written down before it is destroyed, and once. */
  abstract record(part: RetentionPart): Promise<void>;
  /** For rows: in the transaction that deletes them, added to what that part says already. */
  abstract add(unit: UnitOfWork, part: RetentionPart): Promise<void>;
}

/** What a service deletes by age. Abstract class = injection token; each service that takes part has one. */
export abstract class RetentionParticipation {
  /** The classes that this service keeps something of; it is asked for no others. */
  abstract readonly classes: readonly RetentionClass[];

  /** What would go. Changes nothing. */
  abstract count(order: RunOrder): Promise<readonly RetentionPart[]>;

  /**
   * Deletes it, and writes down what. It is called again after a crash until it returns: it must come to the same end
   * from any point, and count nothing twice.
   */
  abstract delete(order: RunOrder, journal: RetentionJournal): Promise<void>;
}
