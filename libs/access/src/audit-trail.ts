import type { UnitOfWork } from '@steward/database';
import type { Caller } from './caller';

/** What a use case says of a change; who, when, where and the correlation come from the caller. */
export interface AuditFact {
  /** `dataset-version.create`, `alias.move`, `run.start` ... */
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly project: string | null;
  readonly outcome?: 'done' | 'refused';
  /** Free text of a person: kept apart, erasable; the entry holds its salted digest. */
  readonly reason?: string;
  /** Ids, digests, codes and figures only. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes audit entries into the outbox in the transaction of the change: if it cannot, the change fails. */
export abstract class AuditTrail {
  abstract record(unit: UnitOfWork, caller: Caller, fact: AuditFact): void;
}
