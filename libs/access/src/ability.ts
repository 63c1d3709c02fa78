import { Ability, type RawRuleOf } from '@casl/ability';
import type { Action, Subject } from './actions';
import type { PolicyRole, PolicyRule, RoleBinding } from './policy';
import {
  compileConditions,
  SELF,
  verdictOf,
  type ConditionResult,
  type DecisionObject,
} from './rule-conditions';

type Conditions = Readonly<Record<string, unknown>>;

/** One rule of one binding, as it bears on a decision. */
export interface BoundRule {
  readonly binding: RoleBinding;
  /** As it stands in the role. */
  readonly rule: PolicyRule;
  /** With the binding's project, and with the asker in the place of `$self`. */
  readonly conditions: Conditions;
  readonly inverted: boolean;
  readonly judge: (object: DecisionObject) => ConditionResult[];
}

/** What one principal may do. */
export class PrincipalAbility {
  private readonly found = new Map<string, readonly BoundRule[]>();

  constructor(readonly rules: readonly BoundRule[]) {}

  /** The rules that speak of this action on this type of object. */
  rulesFor(action: string, subject: string): readonly BoundRule[] {
    const key = `${action} ${subject}`;
    let rules = this.found.get(key);
    if (!rules) {
      rules = this.rules.filter(({ rule }) => speaksOf(rule, action, subject));
      this.found.set(key, rules);
    }
    return rules;
  }

  /** The same as CASL rules, prohibitions last, for whoever evaluates them elsewhere. */
  get raw(): RawRuleOf<Ability>[] {
    return this.rules.map(({ rule, conditions, inverted }) => ({
      action: [...rule.action],
      subject: [...rule.subject],
      ...(Object.keys(conditions).length > 0 ? { conditions: { ...conditions } } : {}),
      ...(inverted ? { inverted } : {}),
    }));
  }
}

/** CASL's words for everything. */
function speaksOf({ action, subject }: PolicyRule, wanted: string, type: string): boolean {
  const acts = action.includes(wanted) || action.includes('manage');
  return acts && (subject.includes(type) || subject.includes('all'));
}

/**
 * What a set of role bindings allows. A binding in a project adds the condition that the object is of this project;
 * prohibitions come last, so that no other role lifts them. An unknown role gives nothing.
 */
export function buildAbility(
  bindings: readonly RoleBinding[],
  roles: ReadonlyMap<string, PolicyRole>,
  principalId: string,
): PrincipalAbility {
  const rules = bindings.flatMap((binding) =>
    (roles.get(binding.role)?.rules ?? []).map((rule): BoundRule => {
      const conditions = scoped(personal(rule.conditions ?? {}, principalId), binding.project);
      return {
        binding,
        rule,
        conditions,
        inverted: rule.inverted ?? false,
        judge: compileConditions(conditions),
      };
    }),
  );
  rules.sort((left, right) => Number(left.inverted) - Number(right.inverted));
  return new PrincipalAbility(rules);
}

/** A rule's own word on `project` (say, `$ne`) holds beside the binding's. */
function scoped(conditions: Conditions, project: string | null): Conditions {
  if (project === null) return conditions;
  const own = conditions['project'];
  if (own === undefined) return { ...conditions, project };
  const operators = typeof own === 'object' && own !== null ? own : { $in: [own] };
  return { ...conditions, project: { ...operators, $eq: project } };
}

/** Conditions with the asker's id where the rule says `$self`. */
function personal(conditions: Conditions, principalId: string): Conditions {
  const put = (value: unknown): unknown => {
    if (value === SELF) return principalId;
    if (Array.isArray(value)) return value.map(put);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
    return value;
  };
  return Object.fromEntries(Object.entries(conditions).map(([field, value]) => [field, put(value)]));
}

/** What a condition on a field that is not known yet means: no (`closed`), or that somebody decides later (`open`). */
export type UnknownFields = 'closed' | 'open';

/**
 * True if the ability allows the action on an object with these fields. Where a field is unknown, a closed decision
 * lets no permission rest on it and every prohibition hold; an open one leaves it to whoever knows the object.
 */
export function allows(
  ability: PrincipalAbility,
  action: Action,
  subject: Subject,
  object: DecisionObject,
  unknown: UnknownFields = 'closed',
): boolean {
  let allowed = false;
  for (const { inverted, judge } of ability.rulesFor(action, subject)) {
    const verdict = verdictOf(judge(object)) ?? (unknown === 'open' ? !inverted : inverted);
    if (verdict && inverted) return false;
    allowed ||= verdict;
  }
  return allowed;
}

/** True if the ability allows the action on some object of this type, in whatever project. */
export function allowsSomewhere(ability: PrincipalAbility, action: Action, subject: Subject): boolean {
  return allows(ability, action, subject, {}, 'open');
}
