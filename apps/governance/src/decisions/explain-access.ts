import { Injectable } from '@nestjs/common';
import {
  Actions,
  allows,
  bindingsAt,
  buildAbility,
  explainDecision,
  PolicyCache,
  ruleFaults,
  Subjects,
  withPolicyFields,
  type Action,
  type ExplainedDecision,
  type PolicyRole,
  type PolicyRule,
  type RoleBinding,
  type Subject,
} from '@steward/access';
import { Clock, errors } from '@steward/kernel';
import { IdentityRepository } from '../identity/identity.repository';
import { principalNotFound } from '../identity/principal';

/** Whether `principal` may do `action` to an object of which `object` is known. */
export interface AccessQuestion {
  /** Id or name. */
  readonly principal: string;
  readonly action: Action;
  readonly subject: Subject;
  readonly object: Readonly<Record<string, unknown>>;
  readonly proposed: {
    readonly roles?: Readonly<Record<string, { readonly rules: readonly PolicyRule[] }>>;
    readonly bindings?: readonly RoleBinding[];
  };
}

/** A cell of the matrix: `conditional` where it depends on fields of the object. */
export type Cell = 'yes' | 'no' | 'conditional';

/** Explains decisions from the policy that every service holds, with proposed changes on top. */
@Injectable()
export class ExplainAccess {
  constructor(
    private readonly cache: PolicyCache,
    private readonly identities: IdentityRepository,
    private readonly clock: Clock,
  ) {}

  async explain({
    principal,
    action,
    subject,
    object,
    proposed,
  }: AccessQuestion): Promise<ExplainedDecision & { readonly principalId: string }> {
    const policy = this.cache.current;
    const id = policy.principals.has(principal)
      ? principal
      : (await this.identities.findByName(principal))?.id;
    const holder = id === undefined ? undefined : policy.principals.get(id);
    if (!holder) throw principalNotFound(principal);
    const roles = new Map(policy.roles);
    for (const [name, { rules }] of Object.entries(proposed.roles ?? {}))
      roles.set(name, this.proposedRole(name, rules));
    const bindings = proposed.bindings ?? bindingsAt(holder.roles, this.clock.now());
    const explained = explainDecision(
      { id: holder.id, roles: bindings },
      roles,
      action,
      subject,
      this.known(subject, object),
    );
    return { principalId: holder.id, ...explained, ...(holder.active ? {} : disabled) };
  }

  matrix(project: string | null) {
    const { roles } = this.cache.current;
    const named = [...roles.values()].filter(({ rules }) => rules.length > 0).map(({ name }) => name);
    return this.matrixOf(named, roles, project);
  }

  /** The matrix of one role that is only tried. Throws AppError `GOVERNANCE.ROLE_INVALID` that names all faults. */
  preview(role: string, rules: readonly PolicyRule[], project: string | null) {
    return this.matrixOf([role], new Map([[role, this.proposedRole(role, rules)]]), project);
  }

  private matrixOf(names: readonly string[], roles: ReadonlyMap<string, PolicyRole>, project: string | null) {
    const subjects = Subjects.filter((subject) => subject !== 'all');
    const actions = Actions.filter((action) => action !== 'manage');
    const objects = subjects.map((subject) => ({ subject, object: this.known(subject, { project }) }));
    const rows = names.map((name) => {
      const ability = buildAbility([{ role: name, project: null }], roles, '');
      const cell = (action: Action, subject: Subject, object: Readonly<Record<string, unknown>>): Cell => {
        if (allows(ability, action, subject, object)) return 'yes';
        return allows(ability, action, subject, object, 'open') ? 'conditional' : 'no';
      };
      const cells = objects.flatMap(({ subject, object }) =>
        actions.map((action) => ({ action, subject, allowed: cell(action, subject, object) })),
      );
      return { role: name, cells };
    });
    return { actions, subjects, project, roles: rows };
  }

  private proposedRole(name: string, rules: readonly PolicyRule[]): PolicyRole {
    const faults = ruleFaults(rules);
    if (faults.length > 0)
      throw errors.invalid('GOVERNANCE.ROLE_INVALID', faults.join(' '), { details: { faults } });
    return { name, version: 0, rules };
  }

  /** The object with what every service adds: no project where none is said, its tags, and the environment. */
  private known(
    subject: Subject,
    object: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const project = typeof object['project'] === 'string' ? object['project'] : null;
    return withPolicyFields(this.cache.current, subject, { ...object, project });
  }
}

const disabled = { allowed: false, because: 'The account is disabled, so it may do nothing.' } as const;
