import type { UserAnswer } from '@steward/client/answers';
import type { RoleOfPerson } from '../../session/session';

/** An account of a person or machine. */
export interface AccountAnswer extends UserAnswer {
  readonly kind: 'person' | 'machine' | 'service';
  readonly state: 'active' | 'disabled';
  readonly roles: readonly RoleOfPerson[];
  readonly createdAt: string;
}

/** A binding as text: "approver in lending". */
export const bindingText = ({ role, project }: RoleOfPerson): string =>
  `${role} ${project === null ? 'everywhere' : `in ${project}`}`;

/** The bindings with one more; the same one is not there twice. */
export function withBinding(roles: readonly RoleOfPerson[], added: RoleOfPerson): RoleOfPerson[] {
  const kept = withoutBinding(roles, added);
  return [...kept, added];
}

export const withoutBinding = (roles: readonly RoleOfPerson[], gone: RoleOfPerson): RoleOfPerson[] =>
  roles.filter(({ role, project }) => role !== gone.role || project !== gone.project);
