import type { ContractAnswer } from '@steward/client/answers';

/** What a contract asks of a column's values, in a few words. */
export function contractRule(column: ContractAnswer['contract']['columns'][number]): string {
  const { min, max, allowed, maxLength } = column;
  const rules: string[] = [];
  if (min !== undefined && max !== undefined) rules.push(`${min} to ${max}`);
  else if (min !== undefined) rules.push(`at least ${min}`);
  else if (max !== undefined) rules.push(`at most ${max}`);
  if (allowed) rules.push(allowed.length > 6 ? `one of ${allowed.length} values` : allowed.join(' | '));
  if (maxLength !== undefined) rules.push(`at most ${maxLength} characters`);
  return rules.join(', ') || '–';
}
