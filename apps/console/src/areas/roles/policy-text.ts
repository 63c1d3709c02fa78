import { isRecord, readYaml } from '../../parts/read-yaml';
import type { PolicyDocument } from './policy-steps';
import type { RuleAnswer } from './role-answers';

/**
 * Reads a policy in YAML, of which JSON is a part, with what it does not say as governance takes it. Whether its names
 * are known and its rules sound, governance says.
 */
export function readPolicy(text: string): { readonly document: PolicyDocument } | { readonly fault: string } {
  const found = readYaml(text);
  if ('fault' in found) return found;
  const read = found.value ?? {};
  if (!isRecord(read))
    return { fault: 'A policy names roles, requireTotp and bindings; this is a list or a text.' };
  const { roles = {} } = read;
  if (!isRecord(roles)) return { fault: 'roles must name each role with its rules.' };
  const bad = Object.entries(roles).find(([, role]) => !isRecord(role) || !Array.isArray(role['rules']));
  if (bad) return { fault: `The role ${bad[0]} must have a list of rules.` };
  const whole = Object.entries(roles).map(([name, role]) => {
    const { description = '', ...rest } = role as { description?: string; rules: readonly RuleAnswer[] };
    return [name, { ...rest, description }] as const;
  });
  return {
    document: { requireTotp: [], bindings: {}, ...read, roles: Object.fromEntries(whole) },
  };
}
