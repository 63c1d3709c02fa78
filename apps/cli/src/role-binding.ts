import { usage } from './cli-error';

/** A role in one project, or (null) in all. */
export interface RoleBinding {
  readonly role: string;
  readonly project: string | null;
}

/** `approver` everywhere, `approver@lending` in one project. */
export function parseBinding(text: string): RoleBinding {
  const match = /^([a-z][a-z0-9-]*)(?:@([a-z][a-z0-9-]*))?$/.exec(text);
  if (!match) throw usage(`"${text}" is no role: write ROLE for all projects, or ROLE@PROJECT.`);
  return { role: match[1]!, project: match[2] ?? null };
}

export const showBinding = ({ role, project }: RoleBinding): string =>
  project === null ? role : `${role}@${project}`;
