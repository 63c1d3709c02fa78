import type { StewardClient } from '@steward/client';
import { errors } from '@steward/kernel';
import type { RoleBinding } from './role-binding';

/** A person or machine as governance shows it. */
export interface AccountAnswer {
  readonly id: string;
  readonly kind: 'person' | 'machine';
  readonly user: string;
  readonly displayName: string;
  readonly state: 'active' | 'disabled';
  readonly roles: readonly RoleBinding[];
  readonly mustChangePassword: boolean;
  readonly createdAt: string;
}

/** People first, then machines. */
export async function accounts(client: StewardClient): Promise<AccountAnswer[]> {
  const found: AccountAnswer[] = [];
  for (const kind of ['users', 'machines'])
    for await (const each of client.all<AccountAnswer>(`/governance/v1/${kind}`)) found.push(each);
  return found;
}

/** Somebody by name or id. */
export async function accountOf(client: StewardClient, name: string): Promise<AccountAnswer> {
  const wanted = name.toLowerCase();
  const found = (await accounts(client)).find(({ user, id }) => user.toLowerCase() === wanted || id === name);
  if (!found)
    throw errors.notFound(
      'CLI.ACCOUNT_UNKNOWN',
      `There is no user or machine ${name}. List them: steward users list`,
    );
  return found;
}
