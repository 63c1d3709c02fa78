import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { BookEntry, EntryKind } from './processing-books';

type Unit = UnitOfWork<GovernanceTables>;

/** The books of processing. Abstract class = injection token. */
export abstract class ProcessingBooksRepository {
  /** Until the transaction ends nobody else changes the books of this project. */
  abstract lock(unit: Unit, project: string): Promise<void>;
  /** The newest version, or null. */
  abstract current<Kind extends EntryKind>(
    project: string,
    kind: Kind,
    name: string,
    unit?: Unit,
  ): Promise<BookEntry<Kind> | null>;
  /** The newest version of each of a kind, by name. */
  abstract all<Kind extends EntryKind>(project: string, kind: Kind, unit?: Unit): Promise<BookEntry<Kind>[]>;
  /** Every version of one entry, oldest first. */
  abstract history<Kind extends EntryKind>(
    project: string,
    kind: Kind,
    name: string,
  ): Promise<BookEntry<Kind>[]>;
  abstract add(unit: Unit, entry: BookEntry): Promise<void>;
}

export type FactKind = 'contract' | 'dataset-version' | 'model-version';

/** What another service told of something that is processed. */
export interface Fact {
  readonly project: string;
  readonly kind: FactKind;
  readonly name: string;
  readonly version: number;
  /** The event's payload. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** Copies of what other services told. */
export abstract class ProcessingFactRepository {
  /** The first word on a version stands. */
  abstract put(unit: Unit, fact: Fact): Promise<void>;
  /** The newest version of each of a kind, by name. */
  abstract newest(project: string, kind: FactKind): Promise<Fact[]>;
  abstract find(
    project: string,
    kind: FactKind,
    name: string,
    version: number,
    unit?: Unit,
  ): Promise<Fact | null>;
  /** How many people hold which role in the project, lasting. */
  abstract peopleByRole(project: string): Promise<{ readonly role: string; readonly people: number }[]>;
}
