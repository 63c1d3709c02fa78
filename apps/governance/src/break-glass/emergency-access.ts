import { errors, type AppError } from '@steward/kernel';
import type { Account, Refusal } from '../approvals/four-eyes';
import { refusalOf } from '../approvals/four-eyes';

/** Rights that a person took in an emergency. Times are ISO 8601. */
export interface EmergencyAccess {
  readonly id: string;
  readonly project: string;
  readonly person: string;
  readonly role: string;
  /** Null: erased. */
  readonly reason: string | null;
  readonly informed: readonly string[];
  readonly startedAt: string;
  /** When it ends by itself. */
  readonly until: string;
  /** Null: it is in force. */
  readonly endedAt: string | null;
  readonly reviewedBy: string | null;
  readonly reviewedAt: string | null;
  readonly justified: boolean | null;
  readonly reviewNote: string | null;
  readonly correlation: string;
}

/** Lasting roles whose holders are told of an emergency and sign its review. */
export const REVIEWING_ROLES = ['administrator', 'privacy-officer'] as const;

/** The longest time that such access lasts. */
export const LONGEST_MINUTES = 240;

/**
 * Says why a person cannot sign the review of an access, or null. It must be another active person with a lasting role
 * that reviews, who has neither the role nor the account from the person who took the access.
 */
export function reviewRefusal(
  access: Pick<EmergencyAccess, 'project' | 'person'>,
  reviewer: string,
  now: string,
  accounts: ReadonlyMap<string, Account>,
): Refusal | null {
  const excluded = [{ person: access.person, because: 'took_access' }];
  const { project } = access;
  // Judged as of now: people who came later may sign, too, or a review could stay open for good.
  const facts = { project, openedAt: now, roles: REVIEWING_ROLES, excluded, policyChanges: [] };
  return refusalOf(facts, reviewer, accounts);
}

export function accessNotFound(id: string): AppError {
  return errors.notFound('GOVERNANCE.EMERGENCY_NOT_FOUND', 'There is no such emergency access here.', {
    details: { id },
  });
}
