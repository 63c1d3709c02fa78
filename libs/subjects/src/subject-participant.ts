import type { DestroyedPart, RemainingPart, TrainedModelVersion } from './erasure-report';
import type { HeldTable } from './held-data';

/** The subject of a task. */
export interface TaskSubject {
  readonly requestId: string;
  readonly project: string;
  readonly pseudonym: string;
}

/** A dataset that held rows of the subject, and the first of its versions that did. */
export interface Appearance {
  readonly dataset: string;
  readonly firstVersion: number;
}

/**
 * What an erasure destroyed so far, durable. A part is written down before it is destroyed, so that a crash forgets no
 * digest; written down again it stays as it was the first time.
 */
export abstract class ErasureJournal {
  abstract record(part: DestroyedPart): Promise<void>;
  abstract parts(): Promise<DestroyedPart[]>;
  /** Something that later steps need and that is gone once the erasure is done; kept as it was the first time. */
  abstract remember(note: Readonly<Record<string, unknown>>): Promise<void>;
  abstract remembered(): Promise<Readonly<Record<string, unknown>> | null>;
}

/** What an erasure came to, beside the journal. */
export interface ErasureOutcome {
  readonly remaining: readonly RemainingPart[];
  readonly appearances?: readonly Appearance[];
  readonly models?: readonly TrainedModelVersion[];
}

/** What a service does for data subjects. Abstract class = injection token; each service has one. */
export abstract class SubjectParticipation {
  /**
   * Destroys everything that this service holds on the subject. It is called again after a crash, and after a restore,
   * until it returns: it must come to the same end from any point.
   */
  abstract erase(subject: TaskSubject, journal: ErasureJournal): Promise<ErasureOutcome>;

  /** Everything that this service holds on the subject. `told`: what the consumer that ordered it added. */
  abstract gather(
    subject: TaskSubject,
    told: Readonly<Record<string, unknown>>,
  ): Promise<readonly HeldTable[]>;
}
