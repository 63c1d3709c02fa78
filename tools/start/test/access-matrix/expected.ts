import { BuiltInRoles, type BuiltInRole } from '@steward/access';

/** A route or RPC as the service lists it in its OpenAPI document. */
export interface ListedEntry {
  readonly transport: 'http' | 'grpc';
  readonly entry: string;
  readonly handler: string;
  readonly decision: Decision;
}
export type Decision =
  | { readonly kind: 'public'; readonly reason: string }
  | { readonly kind: 'signed-in'; readonly reason: string }
  | {
      readonly kind: 'can';
      readonly action: string;
      readonly subject: string;
      readonly project: string | null;
      readonly anyProject: boolean;
      readonly refined: boolean;
    };

/** Whoever calls: nobody, somebody without a role, or the holder of one role, in one project or in all. */
export type Who =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'no-role' }
  | { readonly kind: 'holder'; readonly role: BuiltInRole; readonly in: 'own' | 'all' };

/** Where the call goes: the project in which the role is held, another one, or one that there is not. */
export type Where = 'own' | 'foreign' | 'unknown';

export const ADMITTED = 'admitted';

/**
 * What the rules of the built-in roles say of a call, read from the data alone: `admitted`, or the code of the refusal.
 * It shares no code with the guard that it is compared with.
 */
export function expected(decision: Decision, who: Who, where: Where): string {
  if (decision.kind === 'public') return ADMITTED;
  if (who.kind === 'anonymous') return 'ACCESS.CREDENTIAL_MISSING';
  if (decision.kind === 'signed-in') return ADMITTED;
  const { action, subject, project, anyProject } = decision;
  const may = (wanted: string): boolean => who.kind === 'holder' && permits(who.role, wanted, subject);
  if (anyProject) return may(action) ? ADMITTED : 'ACCESS.FORBIDDEN';
  if (project === null) {
    if (may(action) && who.kind === 'holder' && who.in === 'all') return ADMITTED;
    // That there is such a thing as a list of users is no secret to who may read users of his project.
    return action !== 'read' && may('read') ? 'ACCESS.FORBIDDEN' : 'ACCESS.NOT_FOUND';
  }
  const reaches = who.kind === 'holder' && where !== 'unknown' && (who.in === 'all' || where === 'own');
  if (!reaches) return 'ACCESS.NOT_FOUND';
  if (may(action)) return ADMITTED;
  return action !== 'read' && may('read') ? 'ACCESS.FORBIDDEN' : 'ACCESS.NOT_FOUND';
}

function permits(role: BuiltInRole, action: string, subject: string): boolean {
  const rules: readonly { readonly action: readonly string[]; readonly subject: readonly string[] }[] =
    BuiltInRoles[role];
  return rules.some(
    (rule) =>
      rule.action.includes(action) && (rule.subject.includes(subject) || rule.subject.includes('all')),
  );
}
