import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { RoleBinding } from '../identity/principal';
import type { PendingLogin } from './oidc-provider';

type Unit = UnitOfWork<GovernanceTables>;

/** A line of the mapping: who is in the group holds the role. */
export interface GroupRole extends RoleBinding {
  readonly group: string;
}
export interface WrittenGroupRole extends GroupRole {
  readonly changedBy: string;
  readonly changedAt: string;
}

/** Logins on their way, people of providers, and the roles of groups. Abstract class = injection token. */
export abstract class OidcLoginRepository {
  abstract begin(stateDigest: string, login: PendingLogin, expiresAt: string): Promise<void>;
  /** Takes a login that has not expired: the same state is never taken twice. */
  abstract take(stateDigest: string, now: string): Promise<PendingLogin | null>;
  abstract principalOf(unit: Unit, provider: string, subject: string): Promise<string | null>;
  abstract bind(unit: Unit, provider: string, subject: string, principalId: string): Promise<void>;
  abstract groupRoles(provider: string, unit?: Unit): Promise<WrittenGroupRole[]>;
  /** Puts a mapping in the place of the old one; lines that stay keep their writer. */
  abstract setGroupRoles(
    unit: Unit,
    provider: string,
    roles: readonly GroupRole[],
    by: string,
    at: string,
  ): Promise<void>;
}
