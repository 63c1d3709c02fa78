import type { UnitOfWork } from '@steward/database';

/** A row of a window as its subject gets to see it. */
export interface SubjectRow {
  readonly windowId: string;
  readonly monitor: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly prediction: string;
  readonly score: number;
  readonly label: string;
  readonly groups: Readonly<Record<string, string | null>>;
  readonly outcome: string | null;
  readonly openedAt: string;
}

/** Rows of windows by whose they are. */
export abstract class SubjectRowRepository {
  abstract of(project: string, pseudonym: string): Promise<SubjectRow[]>;
  /** Rows stay as figures; nothing leads from them to a prediction, a subject or a group. Returns how many. */
  abstract anonymise(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;
}
