import { buildAbility, type BoundRule } from './ability';
import type { Action, Subject } from './actions';
import type { KeyScope, PolicyRole, PolicyRule, RoleBinding } from './policy';
import { verdictOf, type ConditionResult, type DecisionObject } from './rule-conditions';

/** Who asks, as far as a decision needs it. */
export interface Asker {
  readonly id: string;
  readonly roles: readonly RoleBinding[];
  /** Of the API key that is used; null: no key, or one without scopes. */
  readonly scopes?: readonly KeyScope[] | null;
}

/** One rule that speaks of the action, and what came of it. */
export interface ExplainedRule {
  readonly role: string;
  readonly project: string | null;
  readonly rule: PolicyRule;
  /** Permits or prohibits. */
  readonly inverted: boolean;
  /** Null: a field that it needs is not known. */
  readonly matched: boolean | null;
  /** The conditions that did not hold or could not be judged. */
  readonly failed: readonly ConditionResult[];
  readonly sentence: string;
}

export interface ExplainedDecision {
  readonly allowed: boolean;
  readonly because: string;
  readonly rules: readonly ExplainedRule[];
}

/** Decides as every service does, and says why: which rule, and which condition of it. */
export function explainDecision(
  { id, roles: bindings, scopes = null }: Asker,
  roles: ReadonlyMap<string, PolicyRole>,
  action: Action,
  subject: Subject,
  object: DecisionObject,
): ExplainedDecision {
  const what = `${action} ${subject}`;
  const rules = buildAbility(bindings, roles, id)
    .rulesFor(action, subject)
    .map((rule) => explainRule(rule, what, object));
  const prohibited = rules.find(({ inverted, matched }) => inverted && matched !== false);
  const permitted = rules.find(({ inverted, matched }) => !inverted && matched === true);
  if (prohibited) return { allowed: false, because: prohibited.sentence, rules };
  if (!permitted) return { allowed: false, because: whyNot(rules, bindings, roles, what), rules };
  if (!withinScopes(scopes, action, subject))
    return { allowed: false, because: `The API key is not for ${what}, though its holder may.`, rules };
  return { allowed: true, because: permitted.sentence, rules };
}

/** True if an API key's scopes, if it has any, cover the action. */
export function withinScopes(
  scopes: readonly KeyScope[] | null | undefined,
  action: string,
  subject: string,
): boolean {
  if (!scopes) return true;
  return scopes.some(
    (scope) =>
      (scope.action.includes(action) || scope.action.includes('manage')) &&
      (scope.subject.includes(subject) || scope.subject.includes('all')),
  );
}

function explainRule(bound: BoundRule, what: string, object: DecisionObject): ExplainedRule {
  const { binding, rule, inverted, judge } = bound;
  const results = judge(object);
  const matched = verdictOf(results);
  const failed = results.filter(({ holds }) => holds !== true);
  const where = binding.project === null ? 'in every project' : `in project ${binding.project}`;
  const verb = inverted ? 'forbids' : 'permits';
  const limits = results.length === 0 ? '' : ` where ${results.map(wanted).join(' and ')}`;
  const head = `Role ${binding.role}, held ${where}, ${verb} ${what}${limits}`;
  const sentence =
    matched === true
      ? `${head}.`
      : `${head}; this rule ${matched === null && inverted ? 'holds to be safe' : 'does not apply'}, because ${failed.map(found).join(' and ')}.`;
  return { role: binding.role, project: binding.project, rule, inverted, matched, failed, sentence };
}

const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : String(value);

const WORDS = { $eq: 'is', $ne: 'is not', $in: 'is one of', $nin: 'is none of' } as const;

const wanted = ({ field, operator, expected }: ConditionResult): string =>
  `${field} ${WORDS[operator]} ${list(expected)}`;

function found({ field, actual, holds }: ConditionResult): string {
  if (holds === null) return `${field} is not known here`;
  return `${field} is ${actual === null ? 'none' : list(actual)}`;
}

function whyNot(
  rules: readonly ExplainedRule[],
  bindings: readonly RoleBinding[],
  roles: ReadonlyMap<string, PolicyRole>,
  what: string,
): string {
  if (rules.length > 0) return rules.map(({ sentence }) => sentence).join(' ');
  if (bindings.length === 0) return `No role is held, so nothing permits ${what}.`;
  const gone = bindings.filter(({ role }) => !roles.get(role)?.rules.length).map(({ role }) => role);
  const names = [...new Set(bindings.map(({ role }) => role))].join(', ');
  const note = gone.length > 0 ? ` (${[...new Set(gone)].join(', ')}: no rules here)` : '';
  return `No rule of the roles held (${names})${note} speaks of ${what}.`;
}
