import type { AuditEntry } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { HeldTable, RemainingPart } from '@steward/subjects';

/** What governance itself holds on a subject outside of the requests. */
export abstract class OwnSubjectData {
  /** Empties free texts of audit notes on entries about the subject; returns how many there were. */
  abstract eraseAuditNotes(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;
  /** Decisions that waited for a person: what is left of them names nobody. Returns how many there were. */
  abstract eraseHeldDecisions(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;
  abstract eraseTerms(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;
  abstract remaining(unit: UnitOfWork, project: string, pseudonym: string): Promise<RemainingPart[]>;
  /** Consents, and decisions that people made about the subject. */
  abstract tables(project: string, pseudonym: string): Promise<HeldTable[]>;
  /** Audit entries about the subject, in their order; at most `limit`. */
  abstract entries(project: string, pseudonym: string, limit: number): Promise<AuditEntry[]>;
}
