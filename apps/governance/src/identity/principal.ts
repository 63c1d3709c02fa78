import { errors, type AppError } from '@steward/kernel';

export interface RoleBinding {
  readonly role: string;
  readonly project: string | null;
}

/** Somebody who can act, with the roles that are in force. */
export interface Identity {
  readonly id: string;
  readonly kind: 'person' | 'machine' | 'service';
  readonly name: string;
  readonly displayName: string;
  readonly state: 'active' | 'disabled';
  readonly roles: readonly RoleBinding[];
  /** ISO 8601; tokens issued before are refused. */
  readonly tokensNotBefore: string | null;
  /** The password must be changed at the next login. */
  readonly mustChangePassword: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
}

export const bindingKey = ({ role, project }: RoleBinding): string => `${role}@${project ?? ''}`;

/** Which grants to end and which to make, so that `next` are the roles in force. */
export function roleChanges(
  current: readonly RoleBinding[],
  next: readonly RoleBinding[],
): { readonly grant: RoleBinding[]; readonly revoke: RoleBinding[] } {
  const wanted = new Map(next.map((binding) => [bindingKey(binding), binding]));
  const held = new Set(current.map(bindingKey));
  return {
    grant: [...wanted.values()].filter((binding) => !held.has(bindingKey(binding))),
    revoke: current.filter((binding) => !wanted.has(bindingKey(binding))),
  };
}

export function principalNotFound(id: string): AppError {
  return errors.notFound('GOVERNANCE.PRINCIPAL_NOT_FOUND', 'There is no such user or machine.', {
    details: { id },
  });
}
