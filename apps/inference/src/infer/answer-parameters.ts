import type { Explanation } from '../explain/explanation';
import { guardParameters } from '../guards/guarded-answer';
import type { InferResult } from './infer';

/**
 * What every protocol's answer says beside its outputs: the prediction's id, by which outcomes are reported, how it is
 * logged, and, where that depends, whether it is. `prediction_logged` is false where it was not drawn for the sample, or
 * where neither memory nor disk had room; outcomes of such rows join nothing. `decision` is `pending_review` where a
 * person decides some of the rows (`held_rows`, comma-separated): ask governance for them. `explanation` says, as JSON,
 * what the outputs `contribution` and `margin` are. What the guards add:
 * `score_decimals`, `budget_rows_left`, `out_of_domain` with `out_of_domain_rows` and `out_of_domain_columns`.
 */
export function answerParameters({
  predictionId,
  log,
  held,
  explanation,
  guarded,
}: InferResult): Readonly<Record<string, string | boolean>> {
  const known: Record<string, string | boolean> = { prediction_id: predictionId, prediction_log: log.mode };
  // Of every answer, so no object is spread into another.
  if (held.length > 0) Object.assign(known, waiting(held));
  if (explanation) known['explanation'] = basisOf(explanation);
  if (guarded !== null) Object.assign(known, guardParameters(guarded));
  if (log.mode !== 'required') known['prediction_logged'] = log.result === 'logged';
  return known;
}

const waiting = (held: InferResult['held']): Record<'decision' | 'held_rows', string> => ({
  decision: 'pending_review',
  held_rows: held.map(({ row }) => row).join(','),
});

/** The columns of `contribution` in their order, and what its numbers are and start from. */
function basisOf({ rows, method, units, calibrated, base, base_over, base_rows }: Explanation): string {
  const columns = rows.find(({ held }) => !held)?.contributions.map(({ column }) => column) ?? [];
  return JSON.stringify({ method, units, calibrated, base, base_over, base_rows, columns });
}
