import type { Outside } from './input-domain';

/** What the guards did with an answer; null where a model has none. */
export interface GuardedAnswer {
  /** Decimals that its scores were rounded to; null: they are exact. */
  readonly decimals: number | null;
  /** Rows left of the caller's budget at the model; null: there is none. */
  readonly budgetLeft: number | null;
  /**
   * Whether rows were held against the reference, and what was found. `isolation`: whether they were scored as a whole;
   * null: the plan does not ask for it.
   */
  readonly domain: {
    readonly checked: boolean;
    readonly isolation: 'scored' | 'unavailable' | null;
    readonly outside: Outside | null;
  } | null;
}

/** Probabilities as callers get them. */
export function rounded(probabilities: Float64Array, decimals: number): Float64Array {
  const unit = 10 ** decimals;
  return probabilities.map((probability) => Math.round(probability * unit) / unit);
}

/** Rows that an answer's parameters name; the rest are counted. */
const NAMED = 100;

/** What the answer's parameters say of the guards. */
export function guardParameters({ decimals, budgetLeft, domain }: GuardedAnswer): Record<string, string> {
  const outside = domain?.outside;
  return {
    ...(decimals === null ? null : { score_decimals: String(decimals) }),
    ...(budgetLeft === null ? null : { budget_rows_left: String(budgetLeft) }),
    ...(domain === null ? null : { out_of_domain: outcomeOf(domain) }),
    ...(domain === null || domain.isolation === null ? null : { isolation: domain.isolation }),
    ...(outside
      ? {
          out_of_domain_rows: outside.rows.slice(0, NAMED).join(','),
          out_of_domain_columns: outside.columns.slice(0, NAMED).join(','),
          ...(outside.isolated.length > 0
            ? { out_of_domain_isolated: outside.isolated.slice(0, NAMED).join(',') }
            : null),
        }
      : null),
  };
}

/** The number of rows; `unchecked` where the version's reference cannot be read, nor its rows be scored as a whole. */
const outcomeOf = ({ checked, isolation, outside }: NonNullable<GuardedAnswer['domain']>): string =>
  checked || isolation === 'scored' ? String(outside?.rows.length ?? 0) : 'unchecked';
