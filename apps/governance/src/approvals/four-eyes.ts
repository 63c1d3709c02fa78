import type { ExcludedPerson } from './approval-request';

/** A grant of a role as it stands in the books. Times are ISO 8601. */
export interface Grant {
  readonly role: string;
  readonly project: string | null;
  readonly grantedBy: string;
  readonly grantedAt: string;
  /** Null: in force. */
  readonly revokedAt: string | null;
}

/** What governance knows of an account: enough to follow who stands behind it. */
export interface Account {
  readonly id: string;
  readonly kind: 'person' | 'machine' | 'service';
  readonly active: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  /** All that ever were: a grant that was taken back may have served to make another. */
  readonly grants: readonly Grant[];
}

export interface PolicyChange {
  readonly person: string;
  readonly at: string;
}

/**
 * People who stand behind a change of the approval policy: who made the last one, and everybody who made one since the
 * alias was last approved (ever, if it never was).
 */
export function policyExclusions(
  changes: readonly PolicyChange[],
  lastApproval: string | null,
): PolicyChange[] {
  const newest = changes.reduce<string>((latest, { at }) => (at > latest ? at : latest), '');
  return changes.filter(({ at }) => at >= newest || lastApproval === null || at >= lastApproval);
}

/** Everything that decides whether somebody's word counts for a request. */
export interface FourEyes {
  readonly project: string;
  readonly openedAt: string;
  /** Roles whose word counts. */
  readonly roles: readonly string[];
  /** From the request: who started the run or changed what led to it. */
  readonly excluded: readonly ExcludedPerson[];
  /** {@link policyExclusions}. */
  readonly policyChanges: readonly PolicyChange[];
}

export type Refusal =
  | { readonly code: 'NOT_A_PERSON' }
  | { readonly code: 'DISABLED' }
  | { readonly code: 'EXCLUDED'; readonly because: string }
  | { readonly code: 'NO_ROLE' }
  | { readonly code: 'ROLE_TOO_NEW' }
  | { readonly code: 'ROLE_FROM_EXCLUDED' }
  | { readonly code: 'ACCOUNT_FROM_EXCLUDED' }
  /** Somebody delegated, but not so that it counts here (see delegated-standing.ts). */
  | { readonly code: 'DELEGATION_VOID' };

/**
 * Says why a person's word does not count, or null if it does. It counts only if an active person, none of those who
 * stand behind the request, holds a role that counts, since before the request was opened, from hands that are clean:
 * a grant does not count if it was given by an excluded person, by oneself, or by an account that an excluded person
 * made or raised; nor does an account that such a person made, whose password he may know. People who only changed the
 * approval policy taint what they gave from that change on, not what they gave before.
 */
export function refusalOf(
  facts: FourEyes,
  personId: string,
  accounts: ReadonlyMap<string, Account>,
): Refusal | null {
  const account = accounts.get(personId);
  if (account?.kind !== 'person') return { code: 'NOT_A_PERSON' };
  if (!account.active) return { code: 'DISABLED' };
  const because = exclusionOf(facts, personId);
  if (because) return { code: 'EXCLUDED', because };
  const fitting = account.grants.filter(
    ({ role, project, revokedAt }) =>
      revokedAt === null && facts.roles.includes(role) && (project === null || project === facts.project),
  );
  if (fitting.length === 0) return { code: 'NO_ROLE' };
  const inTime = fitting.filter(({ grantedAt }) => grantedAt < facts.openedAt);
  if (inTime.length === 0) return { code: 'ROLE_TOO_NEW' };
  const hands = new Hands(facts, accounts);
  if (hands.tainted(account.createdBy, account.createdAt)) return { code: 'ACCOUNT_FROM_EXCLUDED' };
  const clean = inTime.some(
    ({ grantedBy, grantedAt }) => grantedBy !== personId && !hands.tainted(grantedBy, grantedAt),
  );
  return clean ? null : { code: 'ROLE_FROM_EXCLUDED' };
}

/** Why a person stands behind the request, or null. */
export function exclusionOf(facts: FourEyes, person: string): string | null {
  const asked = facts.excluded.find((excluded) => excluded.person === person);
  if (asked) return asked.because;
  return facts.policyChanges.some((change) => change.person === person) ? 'changed_policy' : null;
}

/** Follows a gift back through the accounts that gave it. */
class Hands {
  constructor(
    private readonly facts: FourEyes,
    private readonly accounts: ReadonlyMap<string, Account>,
  ) {}

  /** True if what this account gave at this time came from an excluded person, directly or through others. */
  tainted(giver: string, at: string, seen: ReadonlySet<string> = new Set()): boolean {
    if (this.facts.excluded.some(({ person }) => person === giver)) return true;
    if (this.facts.policyChanges.some((change) => change.person === giver && change.at <= at)) return true;
    const account = this.accounts.get(giver);
    // Governance itself made the first administrator; an unknown giver is nobody's account.
    if (!account || account.kind === 'service' || seen.has(giver)) return false;
    const path = new Set([...seen, giver]);
    if (this.tainted(account.createdBy, account.createdAt, path)) return true;
    // Raised to administrator only by excluded people: then what it gives is theirs.
    const powers = account.grants.filter(
      ({ role, grantedAt, revokedAt }) =>
        role === 'administrator' && grantedAt <= at && (revokedAt === null || revokedAt >= at),
    );
    return (
      powers.length > 0 &&
      powers.every(({ grantedBy, grantedAt }) => this.tainted(grantedBy, grantedAt, path))
    );
  }
}
