import { isName } from '@steward/kernel';
import { z } from 'zod';
import { bindingKey, roleChanges, type RoleBinding } from '../identity/principal';
import { sameRole, type Role } from './role';
import { Rules } from './role-input';

const Binding = z.strictObject({
  role: z.string().min(1).max(63),
  project: z.string().min(1).max(63).nullable().default(null),
});

/**
 * The policy as it is kept in Git: all roles of one's own, which roles need a second factor, and the roles of the
 * people and machines that it names. Own roles that it does not name are deleted; people whom it does not name keep
 * what they have.
 */
export const PolicyDocument = z.strictObject({
  roles: z
    .record(
      z.string().refine(isName, 'lower-case letters, digits and hyphens'),
      z.strictObject({ description: z.string().max(500).default(''), rules: Rules }),
    )
    .default({}),
  requireTotp: z.array(z.string().min(1).max(63)).max(200).default([]),
  bindings: z.record(z.string().min(1).max(100), z.array(Binding).max(500)).default({}),
});
export type PolicyDocument = z.output<typeof PolicyDocument>;

/** Somebody who holds roles, by the name under which the document knows him. */
export interface Holder {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly RoleBinding[];
}

/** One step from what is to what the document says. */
export type PolicyStep =
  | { readonly kind: 'role.create' | 'role.change' | 'role.delete'; readonly role: string }
  | { readonly kind: 'totp.require' | 'totp.release'; readonly role: string }
  | {
      readonly kind: 'role.grant' | 'role.revoke';
      readonly user: string;
      readonly role: string;
      readonly project: string | null;
    };

/** What the installation's policy is now, as a document. */
export function exportPolicy(roles: readonly Role[], holders: readonly Holder[]): PolicyDocument {
  const own = roles.filter(({ builtIn }) => !builtIn);
  return {
    roles: Object.fromEntries(
      own.map(({ role, description, rules }) => [role, { description, rules: rules as never }]),
    ),
    requireTotp: roles
      .filter(({ requiresTotp }) => requiresTotp)
      .map(({ role }) => role)
      .sort(),
    // Those without roles too, so that a document of today takes back what is given tomorrow.
    bindings: Object.fromEntries(holders.map(({ name, roles: held }) => [name, sortedBindings(held)])),
  };
}

/**
 * The steps from what is to what the document says, in an order in which they can be taken: roles are made before they
 * are given, and taken before they are deleted. None if nothing differs.
 */
export function policySteps(
  document: PolicyDocument,
  roles: readonly Role[],
  holders: readonly Holder[],
): PolicyStep[] {
  const own = new Map(roles.filter(({ builtIn }) => !builtIn).map((role) => [role.role, role]));
  const wanted = Object.entries(document.roles);
  const made = wanted.flatMap(([role, wish]): PolicyStep[] => {
    const before = own.get(role);
    if (!before) return [{ kind: 'role.create', role }];
    return sameRole(before, wish) ? [] : [{ kind: 'role.change', role }];
  });
  const deleted = [...own.keys()]
    .filter((role) => !Object.hasOwn(document.roles, role))
    .map((role): PolicyStep => ({ kind: 'role.delete', role }));
  const given = holders.flatMap((holder) => bindingSteps(document, holder));
  return [
    ...made,
    ...totpSteps(document, roles, deleted),
    ...given.filter(({ kind }) => kind === 'role.grant'),
    ...given.filter(({ kind }) => kind === 'role.revoke'),
    ...deleted,
  ];
}

function bindingSteps(document: PolicyDocument, { name, roles }: Holder): PolicyStep[] {
  const wish = document.bindings[name];
  if (!wish) return [];
  const { grant, revoke } = roleChanges(roles, wish);
  return [
    ...grant.map((each): PolicyStep => ({ kind: 'role.grant', user: name, ...each })),
    ...revoke.map((each): PolicyStep => ({ kind: 'role.revoke', user: name, ...each })),
  ];
}

function totpSteps(
  { requireTotp }: PolicyDocument,
  roles: readonly Role[],
  deleted: readonly PolicyStep[],
): PolicyStep[] {
  const held = new Set(roles.filter(({ requiresTotp }) => requiresTotp).map(({ role }) => role));
  const gone = new Set(deleted.map(({ role }) => role));
  return [
    ...[...new Set(requireTotp)]
      .filter((role) => !held.has(role))
      .map((role): PolicyStep => ({ kind: 'totp.require', role })),
    ...[...held]
      .filter((role) => !requireTotp.includes(role) && !gone.has(role))
      .map((role): PolicyStep => ({ kind: 'totp.release', role })),
  ];
}

/** What the names of a document may refer to. */
export interface WhatThereIs {
  readonly holders: ReadonlyMap<string, Holder>;
  readonly projects: ReadonlySet<string>;
  readonly knowsRole: (role: string) => boolean;
}

/** Names in the document that nothing answers to, a sentence each. */
export function documentFaults(
  document: PolicyDocument,
  { holders, projects, knowsRole: known }: WhatThereIs,
): string[] {
  const bindings = Object.entries(document.bindings);
  return [
    ...bindings
      .filter(([name]) => !holders.has(name))
      .map(([name]) => `bindings: there is no user or machine ${name}.`),
    ...bindings.flatMap(([name, held]) =>
      held.flatMap(({ role, project }) => [
        ...(known(role) ? [] : [`bindings.${name}: there is no role ${role}.`]),
        ...(project === null || projects.has(project)
          ? []
          : [`bindings.${name}: there is no project ${project}.`]),
      ]),
    ),
    ...document.requireTotp
      .filter((role) => !known(role))
      .map((role) => `requireTotp: there is no role ${role}.`),
  ];
}

function sortedBindings(bindings: readonly RoleBinding[]): RoleBinding[] {
  return [...bindings].sort((a, b) => (bindingKey(a) < bindingKey(b) ? -1 : 1));
}
