import { Injectable } from '@nestjs/common';
import type { Principal } from '@steward/access';
import { errors, type AppError } from '@steward/kernel';
import type { InputColumn } from '../engines/engine';
import type { RequestColumns } from '../infer/read-columns';
import { ServingTable, type ServedModel } from '../deployments/serving-table';
import type { Allowance } from './allowance';
import { CallerAllowances } from './caller-allowances';
import type { GuardedAnswer } from './guarded-answer';
import type { GuardPlan } from './guard-plan';
import { GuardMetrics } from './guard.metrics';
import { outsideOf, type Outside } from './input-domain';

/** Rows that a refusal names. */
const NAMED = 20;

/**
 * The guards of a request, one seam for every way in: {@link enter} once the caller may predict and before anything is
 * decoded, {@link pass} with the decoded columns before they are scored, {@link leave} when it has ended.
 */
@Injectable()
export class ServingGuards {
  constructor(
    private readonly table: ServingTable,
    private readonly allowances: CallerAllowances,
    private readonly metrics: GuardMetrics,
  ) {}

  /**
   * Counts the request against its caller's, project's and model's rates and what they have in hand, or throws the refusal
   * (kind limit).
   */
  enter(principal: Principal, name: string): readonly Allowance[] {
    const deployment = this.table.deployment(name);
    const allowances = this.allowances.of(
      principal,
      name,
      deployment !== undefined,
      deployment?.guards.limits,
    );
    this.allowances.takeRequest(allowances);
    return allowances;
  }

  /** The request has ended, however it did. */
  leave(allowances: readonly Allowance[]): void {
    this.allowances.leave(allowances);
  }

  /**
   * Holds the rows against the version's reference and its isolation forest where the plan says so, then counts them
   * against rates and quotas. Throws INFERENCE.OUT_OF_DOMAIN (invalid) or the refusal of a limit; null: there is nothing to say of the answer.
   */
  pass(
    allowances: readonly Allowance[],
    plan: GuardPlan,
    served: ServedModel,
    columns: Pick<RequestColumns, 'inputs' | 'rows'>,
  ): GuardedAnswer | null {
    const { rows } = columns;
    const { domain, round } = plan;
    const found =
      domain && domain.check !== 'off' ? this.inspect(domain, served, columns.inputs, rows) : null;
    this.allowances.takeRows(allowances, rows);
    const budgetLeft = this.allowances.budgetLeft(allowances);
    if (found === null && round === undefined && budgetLeft === null) return null;
    return { decimals: round ?? null, budgetLeft, domain: found };
  }

  private inspect(
    { check, tolerance, isolation: level }: NonNullable<GuardPlan['domain']>,
    { domains, isolation, descriptor, project }: ServedModel,
    inputs: readonly InputColumn[],
    rows: number,
  ): GuardedAnswer['domain'] {
    const apart = level === undefined ? null : isolation?.isolated(inputs, rows, level);
    const outside = outsideOf(domains ?? [], inputs, rows, tolerance, apart ?? []);
    if (outside) {
      const result = check === 'refuse' ? 'refused' : 'flagged';
      this.metrics.outOfDomain(`${project}.${descriptor.model}`, descriptor.version, outside.because, result);
      if (check === 'refuse') throw refusal(outside);
    }
    const scored = apart === null ? null : apart ? 'scored' : 'unavailable';
    return { checked: Boolean(domains), isolation: scored, outside };
  }
}

const WHY = {
  range: 'is a number outside of the range that the model was trained on',
  category: 'is a category that the model was not trained on',
  missing: 'is missing, which it never was in training',
  isolation: 'stands apart, as a whole, from the rows that the model was trained on',
} as const;

/** Names rows and columns, never a value: it may be sensitive. */
function refusal({ rows, columns, first }: Outside): AppError {
  const { row, column, because } = first;
  const place = column === null ? `Row ${row}` : `Row ${row} of the input "${column}"`;
  const more = rows.length === 1 ? '' : ` ${rows.length} rows are unlike the model's training data.`;
  return errors.invalid('INFERENCE.OUT_OF_DOMAIN', `${place} ${WHY[because]}.${more}`, {
    details: { rows: rows.slice(0, NAMED), count: rows.length, columns: columns.slice(0, NAMED) },
  });
}
