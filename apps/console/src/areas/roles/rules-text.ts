import { stringify } from 'yaml';
import { plain } from '../../parts/format';
import { isRecord, readYaml } from '../../parts/read-yaml';
import type { RuleAnswer } from './role-answers';

export type TextForm = 'yaml' | 'json';

/** Rules as text, for Git and for who would rather type. */
export const rulesText = (rules: readonly RuleAnswer[], form: TextForm): string =>
  form === 'json' ? `${JSON.stringify(rules, null, 2)}\n` : stringify(rules);

/** Rules that were read of a text, or why there are none. */
export type RulesRead = { readonly rules: readonly RuleAnswer[] } | { readonly fault: string };

const KEYS = ['action', 'subject', 'conditions', 'inverted'];
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Reads rules in YAML, of which JSON is a part. Whether their words are known, the service says. */
export function readRules(text: string): RulesRead {
  const found = readYaml(text);
  if ('fault' in found) return found;
  const { value: read } = found;
  if (!Array.isArray(read)) return { fault: 'The text must be a list of rules, each beginning with a dash.' };
  const rules: RuleAnswer[] = [];
  for (const [index, rule] of read.entries()) {
    const fault = ruleFault(rule);
    if (fault !== null) return { fault: `Rule ${index + 1}: ${fault}` };
    rules.push(rule as RuleAnswer);
  }
  return { rules };
}

function ruleFault(rule: unknown): string | null {
  if (!isRecord(rule)) return 'it must name action and subject.';
  const unknown = Object.keys(rule).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `there is no ${unknown} in a rule. It has ${KEYS.join(', ')}.`;
  const { action, subject, conditions, inverted } = rule;
  if (!isTexts(action)) return 'action must be a list of texts, say [read].';
  if (!isTexts(subject)) return 'subject must be a list of texts, say [Run].';
  if (inverted !== undefined && typeof inverted !== 'boolean') return 'inverted must be true or false.';
  if (conditions === undefined) return null;
  if (!isRecord(conditions)) return 'conditions must name fields, say alias: champion.';
  for (const [field, value] of Object.entries(conditions)) {
    const fits = isRecord(value)
      ? Object.values(value).every((each) => typeof each === 'string' || isTexts(each))
      : typeof value === 'string';
    if (!fits) return `the condition on ${field} must be a text or operators, not ${plain(value)}.`;
  }
  return null;
}
