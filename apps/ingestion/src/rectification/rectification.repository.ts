import type { UnitOfWork } from '@steward/database';

/** Corrections of a subject's rows, by the request that asked for them. */
export interface Rectification {
  readonly requestId: string;
  readonly project: string;
  readonly dataset: string;
  readonly pseudonym: string;
}

export abstract class RectificationRepository {
  /** Durable on return. False where the request was about another subject or dataset before. */
  abstract note(rectification: Rectification): Promise<boolean>;
  /** Null: the request is not known here, or its subject was erased since. */
  abstract subjectOf(unit: UnitOfWork, requestId: string): Promise<string | null>;
  /** Nothing is to lead from a request to the subject any more. */
  abstract forget(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;
}
