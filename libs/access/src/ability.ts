import { Ability, subject, type RawRuleOf } from '@casl/ability';
import type { Action, Subject } from './actions';
import type { PolicyRole, RoleBinding } from './policy';
import { compileConditions } from './rule-conditions';

type Conditions = Readonly<Record<string, unknown>>;
type Tagged = Readonly<Record<string, unknown>>;

/** What one principal may do. */
export type PrincipalAbility = Ability<[string, string | Tagged], Conditions>;

/**
 * Makes the CASL ability of a set of role bindings. A binding in a project adds the condition that the object is of
 * this project; prohibitions come last, so that no other role lifts them. An unknown role gives nothing.
 */
export function buildAbility(
  bindings: readonly RoleBinding[],
  roles: ReadonlyMap<string, PolicyRole>,
): PrincipalAbility {
  const rules = bindings.flatMap((binding) =>
    (roles.get(binding.role)?.rules ?? []).map((rule): RawRuleOf<PrincipalAbility> => {
      const conditions = scoped(rule.conditions, binding.project);
      return {
        action: [...rule.action],
        subject: [...rule.subject],
        ...(conditions ? { conditions } : {}),
        inverted: rule.inverted ?? false,
      };
    }),
  );
  rules.sort((left, right) => Number(left.inverted) - Number(right.inverted));
  return new Ability(rules, { conditionsMatcher: compileConditions });
}

/** A rule's own word on `project` (say, `$ne`) holds beside the binding's. */
function scoped(conditions: Conditions | undefined, project: string | null): Conditions | undefined {
  if (project === null) return conditions;
  const own = conditions?.['project'];
  if (own === undefined) return { ...conditions, project };
  const operators = typeof own === 'object' && own !== null ? own : { $in: [own] };
  return { ...conditions, project: { ...operators, $eq: project } };
}

/** True if the ability allows the action on an object with these fields. */
export function allows(
  ability: PrincipalAbility,
  action: Action,
  subjectType: Subject,
  object: Readonly<Record<string, unknown>>,
): boolean {
  // A copy, because CASL marks the object that it is given with its subject type.
  return ability.can(action, subject(subjectType, { ...object }));
}

/** True if the ability allows the action on some object of this type, in whatever project. */
export function allowsSomewhere(ability: PrincipalAbility, action: Action, subjectType: Subject): boolean {
  return ability.can(action, subjectType);
}
