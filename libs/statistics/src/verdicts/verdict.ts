/**
 * What a judgement may say. `not_enough_data` is never an alarm and never an all-clear.
 */
export type Verdict = 'alert' | 'no_alert' | 'not_enough_data';

/** The verdict over several: one alert alerts; otherwise one that could be judged suffices. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'not_enough_data';
  for (const verdict of verdicts) {
    if (verdict === 'alert') return 'alert';
    if (verdict === 'no_alert') worst = 'no_alert';
  }
  return worst;
}
