import { refusalOf, type Account, type FourEyes, type Refusal } from './four-eyes';

/** Somebody who may approve lets another do it for a time. Times are ISO 8601; `endsAt` is the first moment without. */
export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** By whose authority a person's word counts, or why it does not. */
export type Standing =
  | { readonly authorities: readonly string[]; readonly refusal: null }
  | { readonly authorities: readonly []; readonly refusal: Refusal };

/** An approval with those whose authority it may stand for. */
export interface Voice {
  readonly person: string;
  readonly authorities: readonly string[];
}

/**
 * Says by whose authority a person decides at a moment. Who counts by a role of his own stands for himself alone. Else
 * he stands for those who delegated to him, for a period that covers the moment, before the request was opened, and
 * whose own word counts by a role of their own: what was delegated is not delegated further. Nothing makes up for
 * standing behind the request, for an account from unclean hands, or for not being an active person. A delegation that
 * was taken back no longer counts, whenever the decision was made.
 */
export function standingOf(
  facts: FourEyes,
  delegations: readonly Delegation[],
  person: string,
  at: string,
  accounts: ReadonlyMap<string, Account>,
): Standing {
  const own = refusalOf(facts, person, accounts);
  if (own === null) return { authorities: [person], refusal: null };
  const received = delegations.filter(({ to, from }) => to === person && from !== person);
  if (received.length === 0 || !mayBeMadeUpFor(own)) return refused(own);
  const authorities = received
    .filter(
      ({ startsAt, endsAt, createdAt, revokedAt }) =>
        revokedAt === null && startsAt <= at && at < endsAt && createdAt < facts.openedAt,
    )
    .map(({ from }) => from)
    .filter((from) => refusalOf(facts, from, accounts) === null);
  if (authorities.length === 0) return refused({ code: 'DELEGATION_VOID' });
  if (tainted(facts, person, accounts)) return refused({ code: 'ACCOUNT_FROM_EXCLUDED' });
  return { authorities: [...new Set(authorities)], refusal: null };
}

/**
 * As many of the approvals as can each stand for somebody else: a delegate's word and that of the person who delegated
 * are one authority, and a person who was given several has one word. A largest matching, by augmenting paths.
 */
export function distinctVoices<V extends Voice>(voices: readonly V[]): V[] {
  const standsFor = new Map<string, number>();
  const claim = (voice: number, seen: Set<string>): boolean =>
    voices[voice]!.authorities.some((authority) => {
      if (seen.has(authority)) return false;
      seen.add(authority);
      const holder = standsFor.get(authority);
      if (holder !== undefined && !claim(holder, seen)) return false;
      standsFor.set(authority, voice);
      return true;
    });
  const people = new Map(voices.map((voice, index) => [voice.person, index]));
  for (const index of people.values()) claim(index, new Set());
  const counted = new Set(standsFor.values());
  return voices.filter((_, index) => counted.has(index));
}

/** Only the lack of a role of one's own can be made up for. */
const mayBeMadeUpFor = ({ code }: Refusal): boolean =>
  code === 'NO_ROLE' || code === 'ROLE_TOO_NEW' || code === 'ROLE_FROM_EXCLUDED';

/** Judged as if the account held a role that counts, from nobody: what is left to refuse are the hands that made it. */
function tainted(facts: FourEyes, person: string, accounts: ReadonlyMap<string, Account>): boolean {
  const account = accounts.get(person)!;
  const given = {
    role: facts.roles[0]!,
    project: null,
    grantedBy: 'governance',
    grantedAt: '',
    revokedAt: null,
  };
  const asIfGiven = new Map(accounts).set(person, { ...account, grants: [given] });
  return refusalOf(facts, person, asIfGiven) !== null;
}

const refused = (refusal: Refusal): Standing => ({ authorities: [], refusal });
