import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';

/** Data subjects: the link from an identifier's HMAC to a pseudonym, and, kept apart, each one's wrapped key. */
export abstract class SubjectRepository {
  /**
   * Pseudonyms by HMAC; where one is new it is made, with the key that `wrapNew` gives for the pseudonym. Two callers
   * that meet on a new one get the same.
   */
  abstract resolve(
    unit: UnitOfWork<IngestionTables>,
    project: string,
    hmacs: readonly string[],
    wrapNew: (pseudonym: string) => Buffer,
  ): Promise<Map<string, string>>;
  abstract wrappedKeys(
    unit: UnitOfWork<IngestionTables>,
    pseudonyms: readonly string[],
  ): Promise<Map<string, Buffer>>;
  /** By HMACs of identifiers; null where no subject has one of them. Makes nothing. */
  abstract findOne(project: string, hmac: string): Promise<string | null>;
  /** What is kept of a subject beside its rows; null where it is not (or no longer) one of the project's. */
  abstract held(
    project: string,
    pseudonym: string,
  ): Promise<{ readonly hmac: string; readonly wrappedKey: Buffer; readonly createdAt: string } | null>;
  /** Deletes the link and the key. */
  abstract destroy(unit: UnitOfWork<IngestionTables>, pseudonym: string): Promise<void>;
  /** True if the project has any subject. */
  abstract any(project: string): Promise<boolean>;
  /** Those of the pseudonyms that belong to subjects of the project. */
  abstract known(project: string, pseudonyms: readonly string[]): Promise<Set<string>>;
}
