import type { PolicyRule } from '@steward/access';
import { errors, type AppError } from '@steward/kernel';

/** A role of the installation's own making, in one version. */
export interface RoleVersion {
  readonly role: string;
  readonly version: number;
  readonly state: 'active' | 'deleted';
  readonly description: string;
  readonly rules: readonly PolicyRule[];
  readonly changedBy: string;
  readonly changedAt: string;
}

/** A role as it is shown, built-in or not. */
export interface Role {
  readonly role: string;
  readonly builtIn: boolean;
  /** Null: built in, it changes with the software. */
  readonly version: number | null;
  readonly description: string;
  readonly rules: readonly PolicyRule[];
  /** Whether people need a second factor to log in while they hold it. */
  readonly requiresTotp: boolean;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

export function roleNotFound(role: string): AppError {
  return errors.notFound('GOVERNANCE.ROLE_NOT_FOUND', `There is no role ${role} of your own.`);
}

/** True if both say the same, so that no new version is needed. */
export function sameRole(
  left: Pick<RoleVersion, 'description' | 'rules'>,
  right: Pick<RoleVersion, 'description' | 'rules'>,
): boolean {
  return JSON.stringify(canonicalRole(left)) === JSON.stringify(canonicalRole(right));
}

/** Rules without regard to the order of keys and to what is said by default. */
export function canonicalRole({ description, rules }: Pick<RoleVersion, 'description' | 'rules'>) {
  return {
    description,
    rules: rules.map(({ action, subject, conditions, inverted }) => ({
      action: [...action],
      subject: [...subject],
      ...(conditions && Object.keys(conditions).length > 0 ? { conditions: sorted(conditions) } : {}),
      ...(inverted ? { inverted: true } : {}),
    })),
  };
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
