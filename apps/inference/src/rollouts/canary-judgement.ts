import { anytimeRate } from '@steward/statistics';
import type { Canary, Gates } from '../deployments/deployment-plan';
import { SCORE_CELLS, type Evidence } from './evidence';

export type GateName = keyof Gates;

/**
 * `harm`: the canary is shown to be worse than the gate tolerates. `pass`: enough was seen, and the canary is shown to be
 * worse by less than the margin. `waiting`: neither yet.
 */
export type GateVerdict = 'harm' | 'pass' | 'waiting';

/** How much worse the canary is, with limits that hold at all looks together. Null: nothing seen on one side. */
export interface Difference {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

export interface GateJudgement {
  readonly gate: GateName;
  readonly verdict: GateVerdict;
  readonly difference: Difference | null;
  /** Observations on the side that has fewer. */
  readonly observed: number;
  readonly minimum: number;
  readonly tolerance: number;
  readonly margin: number;
}

/** `back`: a gate shows harm. `on`: all gates pass. `stay`: look again later. */
export interface CanaryJudgement {
  readonly verdict: 'back' | 'on' | 'stay';
  readonly gates: readonly GateJudgement[];
}

interface Count {
  readonly hits: number;
  readonly trials: number;
}
interface Measured {
  readonly difference: Difference | null;
  readonly observed: number;
}

/**
 * Difference of two rates, canary less champion, by two confidence sequences that each miss with half of `alpha`
 * (the beta-binomial mixture of Robbins 1970 in {@link anytimeRate}): by the union bound the limits hold at every time
 * at once with probability 1 - alpha, so whoever acts on them may look after every observation. They depend on counts
 * alone, whatever the order in which processes report.
 */
export function anytimeDifference(canary: Count, champion: Count, alpha: number): Difference | null {
  if (canary.trials === 0 || champion.trials === 0) return null;
  const of = ({ hits, trials }: Count) => anytimeRate(hits, trials, 1 - alpha / 2);
  const [a, b] = [of(canary), of(champion)];
  return { value: a.value - b.value, lower: a.lower - b.upper, upper: a.upper - b.lower };
}

/**
 * The distance of Kolmogorov and Smirnov over the limits between the score's cells: the largest difference of the two
 * distribution functions. Each limit is a rate of its own and gets an equal part of `alpha` for either direction.
 */
function scoreDistance({ serving }: Evidence, alpha: number): Measured {
  const [canary, champion] = [serving.canary.scores, serving.champion.scores];
  const trials = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const [left, right] = [trials(canary), trials(champion)];
  const limits = SCORE_CELLS - 1;
  let [below, above] = [0, 0];
  let worst: Difference | null = null;
  for (let cell = 0; cell < limits; cell++) {
    below += canary[cell] ?? 0;
    above += champion[cell] ?? 0;
    const at = anytimeDifference(
      { hits: below, trials: left },
      { hits: above, trials: right },
      alpha / limits,
    );
    if (at === null) break;
    worst = worse(worst, absolute(at));
  }
  return { difference: worst, observed: Math.min(left, right) };
}

/** The interval of |x| for an interval of x. */
function absolute({ value, lower, upper }: Difference): Difference {
  return {
    value: Math.abs(value),
    lower: lower > 0 ? lower : upper < 0 ? -upper : 0,
    upper: Math.max(Math.abs(lower), Math.abs(upper)),
  };
}

/** The largest of several differences: each limit is the largest of its kind. */
function worse(a: Difference | null, b: Difference): Difference {
  if (a === null) return b;
  return {
    value: Math.max(a.value, b.value),
    lower: Math.max(a.lower, b.lower),
    upper: Math.max(a.upper, b.upper),
  };
}

/**
 * The largest fall of a group's share of favourable decisions. Nobody knows beforehand how many groups there are: the
 * k-th that was seen gets 6 / (pi k)^2 of `alpha`, which sums to alpha.
 */
function groupFall({ observed }: Evidence, alpha: number): Measured {
  let worst: Difference | null = null;
  let fewest = Infinity;
  for (const { ordinal, canary, champion } of observed.groups) {
    const count = ({ rows, favourable }: typeof canary): Count => ({ hits: rows - favourable, trials: rows });
    const at = anytimeDifference(count(canary), count(champion), (6 * alpha) / (Math.PI * ordinal) ** 2);
    if (at === null) continue;
    worst = worse(worst, at);
    fewest = Math.min(fewest, canary.rows, champion.rows);
  }
  return { difference: worst, observed: worst === null ? 0 : fewest };
}

const MEASURES: Readonly<Record<GateName, (evidence: Evidence, alpha: number) => Measured>> = {
  errors: ({ serving }, alpha) =>
    rates(
      serving.canary,
      serving.champion,
      ({ failed, requests }) => ({ hits: failed, trials: requests }),
      alpha,
    ),
  latency: ({ serving }, alpha) =>
    rates(
      serving.canary,
      serving.champion,
      ({ slow, requests }) => ({ hits: slow, trials: requests }),
      alpha,
    ),
  agreement: ({ serving: { compared } }, alpha) => ({
    difference: compared.rows === 0 ? null : anytimeRate(compared.disagreed, compared.rows, 1 - alpha),
    observed: compared.rows,
  }),
  scoreDrift: scoreDistance,
  fairness: groupFall,
  outcomes: ({ observed }, alpha) =>
    rates(
      observed.canary,
      observed.champion,
      ({ wrong, outcomes }) => ({ hits: wrong, trials: outcomes }),
      alpha,
    ),
};

function rates<Side>(canary: Side, champion: Side, count: (side: Side) => Count, alpha: number): Measured {
  const [a, b] = [count(canary), count(champion)];
  return { difference: anytimeDifference(a, b, alpha), observed: Math.min(a.trials, b.trials) };
}

/**
 * Judges one step. Every gate of every step gets an equal part of the rate of false rollbacks, so that the chance of any
 * false one in the whole rollout stays below it however often this is called (Bonferroni over gates and steps; each part
 * holds at all times at once). A canary that is worse by a gate's margin passes it at most as seldom.
 */
export function judgeCanary(
  plan: Pick<Canary, 'gates' | 'steps' | 'falseRollbackRate'>,
  evidence: Evidence,
): CanaryJudgement {
  const names = (Object.keys(MEASURES) as GateName[]).filter((gate) => plan.gates[gate] !== undefined);
  const alpha = plan.falseRollbackRate / (names.length * plan.steps.length);
  const gates = names.map((gate): GateJudgement => {
    const { tolerance, minimum, margin } = plan.gates[gate]!;
    const { difference, observed } = MEASURES[gate](evidence, alpha);
    const enough = difference !== null && observed >= minimum && (margin >= 1 || difference.upper < margin);
    const verdict =
      difference !== null && difference.lower > tolerance ? 'harm' : enough ? 'pass' : 'waiting';
    return {
      gate,
      verdict,
      difference: difference && picked(difference),
      observed,
      minimum,
      tolerance,
      margin,
    };
  });
  const harmed = gates.some(({ verdict }) => verdict === 'harm');
  const passed = gates.every(({ verdict }) => verdict === 'pass');
  return { verdict: harmed ? 'back' : passed ? 'on' : 'stay', gates };
}

/** A rate's estimate says more than a difference does. */
const picked = ({ value, lower, upper }: Difference): Difference => ({ value, lower, upper });
