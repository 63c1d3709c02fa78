import { anytimeRate, type RateEstimate } from '@steward/statistics';
import { anytimeDifference, type Difference } from './canary-judgement';
import type { Evidence } from './evidence';

/** What was counted of one version of an experiment. */
export interface CountedArm {
  readonly version: number;
  readonly evidence: Evidence;
}

interface RateAnswer {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A version of an experiment beside the champion. Limits hold at all looks together, over all arms and both rates. */
export interface ComparedArm {
  readonly version: number;
  readonly requests: number;
  readonly outcomes: number;
  /** Share of requests that the engine failed, and of outcomes that are not the label; null: none yet. */
  readonly failed: RateAnswer | null;
  readonly wrong: RateAnswer | null;
  /** How much larger they are than the champion's; null for the champion itself. */
  readonly failedDifference: Difference | null;
  readonly wrongDifference: Difference | null;
}

/** Chance that any of all limits ever misses. */
const MISSES = 0.05;
const RATES = 2;

/** The champion first, then the arms as they stand in the plan. */
export function compareArms(champion: CountedArm, arms: readonly CountedArm[]): ComparedArm[] {
  const alpha = MISSES / (RATES * Math.max(1, arms.length));
  const of = { failed: failures(champion), wrong: mistakes(champion) };
  return [champion, ...arms].map((arm): ComparedArm => {
    const [failed, wrong] = [failures(arm), mistakes(arm)];
    const beside = arm !== champion;
    return {
      version: arm.version,
      requests: failed.trials,
      outcomes: wrong.trials,
      failed: rate(failed, alpha),
      wrong: rate(wrong, alpha),
      failedDifference: beside ? anytimeDifference(failed, of.failed, alpha) : null,
      wrongDifference: beside ? anytimeDifference(wrong, of.wrong, alpha) : null,
    };
  });
}

const failures = ({ evidence: { serving } }: CountedArm) => ({
  hits: serving.champion.failed,
  trials: serving.champion.requests,
});
const mistakes = ({ evidence: { observed } }: CountedArm) => ({
  hits: observed.champion.wrong,
  trials: observed.champion.outcomes,
});

function rate({ hits, trials }: { hits: number; trials: number }, alpha: number): RateAnswer | null {
  if (trials === 0) return null;
  const { value, lower, upper }: RateEstimate = anytimeRate(hits, trials, 1 - alpha / 2);
  return { value, lower, upper };
}
