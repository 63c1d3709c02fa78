import type { InferResult } from './infer';

/**
 * What every protocol's answer says beside its outputs: the prediction's id, by which outcomes are reported, how it is
 * logged, and, where that depends, whether it is. `prediction_logged` is false where it was not drawn for the sample, or
 * where neither memory nor disk had room; outcomes of such rows join nothing. `decision` is `pending_review` where a
 * person decides some of the rows (`held_rows`, comma-separated): ask governance for them.
 */
export function answerParameters({
  predictionId,
  log,
  held,
}: InferResult): Readonly<Record<string, string | boolean>> {
  const known = {
    prediction_id: predictionId,
    prediction_log: log.mode,
    ...(held.length === 0 ? null : waiting(held)),
  };
  return log.mode === 'required' ? known : { ...known, prediction_logged: log.result === 'logged' };
}

const waiting = (held: InferResult['held']): Record<'decision' | 'held_rows', string> => ({
  decision: 'pending_review',
  held_rows: held.map(({ row }) => row).join(','),
});
