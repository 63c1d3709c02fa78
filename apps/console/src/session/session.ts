import type { Action, Subject } from '@steward/access/actions';
import { createMongoAbility, subject, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { unpackRules, type PackRule } from '@casl/ability/extra';

export interface RoleOfPerson {
  readonly role: string;
  readonly project: string | null;
}

type Fields = Readonly<Record<string, unknown>>;
export type SessionAbility = MongoAbility<[string, string | Fields]>;

/** Who is logged in, as governance answers. */
export interface SessionAnswer {
  readonly principalId: string;
  readonly user: string;
  readonly displayName: string;
  readonly roles: readonly RoleOfPerson[];
  readonly sessionId: string | null;
  readonly expiresAt: string | null;
  readonly rules: PackRule<RawRuleOf<SessionAbility>>[];
  readonly csrfToken: string | null;
  readonly totp: boolean;
}

/** The ability that every service computes too: the rules come from governance. */
export const abilityOf = (rules: SessionAnswer['rules']): SessionAbility =>
  createMongoAbility<SessionAbility>(unpackRules(rules));

/** Whether this may be done to an object of a project; `null` stands for what belongs to no project. */
export function may(
  ability: SessionAbility,
  action: Action,
  type: Subject,
  project: string | null,
  fields: Fields = {},
): boolean {
  const object: Record<string, unknown> = { ...fields, project };
  return ability.can(action, subject(type, object));
}

/** Whether this may be done to some object, in whatever project. */
export const mayAnywhere = (ability: SessionAbility, action: Action, type: Subject): boolean =>
  ability.can(action, type);
