import type { Explanation } from '../explain/explanation';
import type { InferResult } from './infer';

/**
 * What every protocol's answer says beside its outputs: the prediction's id, by which outcomes are reported, how it is
 * logged, and, where that depends, whether it is. `prediction_logged` is false where it was not drawn for the sample, or
 * where neither memory nor disk had room; outcomes of such rows join nothing. `decision` is `pending_review` where a
 * person decides some of the rows (`held_rows`, comma-separated): ask governance for them. `explanation` says, as JSON,
 * what the outputs `contribution` and `margin` are.
 */
export function answerParameters({
  predictionId,
  log,
  held,
  explanation,
}: InferResult): Readonly<Record<string, string | boolean>> {
  const known = {
    prediction_id: predictionId,
    prediction_log: log.mode,
    ...(held.length === 0 ? null : waiting(held)),
    ...(explanation ? { explanation: basisOf(explanation) } : null),
  };
  return log.mode === 'required' ? known : { ...known, prediction_logged: log.result === 'logged' };
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
