import { Actions, Subjects, type Subject } from './actions';
import { conditionFieldsOf } from './condition-fields';
import type { PolicyRule } from './policy';
import { ConditionOperators } from './rule-conditions';

/** What rules of an installation's own roles may not give: who may give rights is decided by the administrator's role alone. */
const ADMINISTRATION: ReadonlySet<string> = new Set(['User', 'Role', 'ApiKey', 'Policy', 'all']);
const HARMLESS: ReadonlySet<string> = new Set(['read', 'verify']);

/** Everything that is wrong with the rules of a role, a sentence each; empty: nothing. */
export function ruleFaults(rules: readonly PolicyRule[]): string[] {
  return rules.flatMap((rule, index) => faultsOf(rule).map((fault) => `Rule ${index + 1}: ${fault}`));
}

function faultsOf(rule: PolicyRule): string[] {
  const unknownActions = rule.action.filter((each) => !(Actions as readonly string[]).includes(each));
  const unknownSubjects = rule.subject.filter((each) => !(Subjects as readonly string[]).includes(each));
  return [
    ...(rule.action.length === 0 ? ['it names no action.'] : []),
    ...(rule.subject.length === 0 ? ['it names no subject.'] : []),
    ...unknownActions.map((each) => `there is no action ${each}. Known are ${Actions.join(', ')}.`),
    ...unknownSubjects.map((each) => `there is no subject ${each}. Known are ${Subjects.join(', ')}.`),
    ...administrationFaults(rule),
    ...Object.entries(rule.conditions ?? {}).flatMap(([field, value]) => [
      ...fieldFaults(rule, field),
      ...valueFaults(field, value),
    ]),
  ];
}

/** Four eyes follow who gave whom which role; that trail ends where a role of somebody's own making gives the power. */
function administrationFaults({ action, subject, inverted }: PolicyRule): string[] {
  if (inverted) return [];
  const acts = action.filter((each) => !HARMLESS.has(each));
  return subject
    .filter((each) => ADMINISTRATION.has(each) && acts.length > 0)
    .map(
      (each) =>
        `it would let people ${acts.join(', ')} ${each === 'all' ? 'everything' : each}. Only the built-in role administrator may; a role of your own may read and verify there.`,
    );
}

function fieldFaults({ subject }: PolicyRule, field: string): string[] {
  return subject
    .filter((each): each is Subject => (Subjects as readonly string[]).includes(each))
    .filter((each) => !conditionFieldsOf(each).includes(field))
    .map(
      (each) =>
        `${each} has no field ${field} that a condition could use. It has ${conditionFieldsOf(each).join(', ')}.`,
    );
}

function valueFaults(field: string, value: unknown): string[] {
  if (typeof value === 'string') return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`the condition on ${field} must be a text or operators (${ConditionOperators.join(', ')}).`];
  return Object.entries(value).flatMap(([operator, operand]: [string, unknown]) => {
    if (!(ConditionOperators as readonly string[]).includes(operator))
      return [`${operator} on ${field} is no operator. Known are ${ConditionOperators.join(', ')}.`];
    const many = operator === '$in' || operator === '$nin';
    const fits = many
      ? Array.isArray(operand) && operand.length > 0 && operand.every((each) => typeof each === 'string')
      : typeof operand === 'string';
    return fits ? [] : [`${operator} on ${field} needs ${many ? 'a list of texts' : 'one text'}.`];
  });
}
