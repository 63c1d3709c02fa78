import { Injectable } from '@nestjs/common';
import { tallyCounter } from '@steward/service';
import type { LimitKind, LimitOf } from './allowance';
import type { Strangeness } from './input-domain';

/** What the guards refused and flagged. Labels name kinds of limits and served models alone, so they stay few. */
@Injectable()
export class GuardMetrics {
  private readonly refused = tallyCounter({
    name: 'steward_inference_limited_total',
    help: 'Requests that were refused because a limit was reached, by which limit (requestsPerSecond, rowsPerSecond, rowsPerDay, concurrentRequests) and of what (caller, project, caller_of_model, model).',
    labelNames: ['limit', 'of'],
  });
  private readonly strange = tallyCounter({
    name: 'steward_inference_out_of_domain_rows_total',
    help: 'Rows unlike the training data of the version that should answer, by why (range, category, missing; isolation: as a whole) and by what became of them (flagged, refused).',
    labelNames: ['model', 'version', 'because', 'result'],
  });

  limited(limit: LimitKind, of: LimitOf): void {
    this.refused.cell(limit, of).add(1);
  }

  outOfDomain(
    model: string,
    version: number,
    rows: Readonly<Record<Strangeness, number>>,
    result: 'flagged' | 'refused',
  ): void {
    for (const [because, count] of Object.entries(rows))
      if (count > 0) this.strange.cell(model, String(version), because, result).add(count);
  }
}
