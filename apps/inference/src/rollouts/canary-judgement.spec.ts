import { RandomStream } from '@steward/statistics';
import * as fc from 'fast-check';
import { DeploymentPlan, type Canary } from '../deployments/deployment-plan';
import { anytimeDifference, judgeCanary, type CanaryJudgement } from './canary-judgement';
import {
  NO_OBSERVED,
  NO_SERVING,
  SCORE_CELLS,
  sumServing,
  type Evidence,
  type ServingCounts,
} from './evidence';

const canaryOf = (canary: object): Canary => DeploymentPlan.parse({ canary }).canary!;

/** How a side of a simulated stream behaves. */
interface Behaviour {
  readonly wrong: number;
  readonly failed: number;
  readonly slow: number;
  /** Added to the score. */
  readonly shift: number;
  /** Share of favourable decisions in two groups. */
  readonly favourable: readonly [number, number];
}
const CHAMPION: Behaviour = { wrong: 0.2, failed: 0.002, slow: 0.05, shift: 0, favourable: [0.6, 0.55] };

/** A stream of requests, split as serving splits them; every request gets its outcome. */
class Stream {
  private readonly random: RandomStream;
  readonly canary = side();
  readonly champion = side();
  compared = { rows: 0, disagreed: 0 };

  constructor(
    seed: number,
    private readonly of: Behaviour,
  ) {
    this.random = new RandomStream(seed);
  }

  request(percent: number): void {
    const { random } = this;
    const drawn = random.uniform() * 100 < percent;
    const [counts, behaviour] = drawn ? [this.canary, this.of] : [this.champion, CHAMPION];
    counts.requests++;
    if (random.uniform() < behaviour.failed) counts.failed++;
    if (random.uniform() < behaviour.slow) counts.slow++;
    const score = Math.min(0.999, random.uniform() ** 2 + behaviour.shift);
    counts.scores[Math.floor(score * SCORE_CELLS)]!++;
    counts.outcomes++;
    if (random.uniform() < behaviour.wrong) counts.wrong++;
    const group = random.uniform() < 0.3 ? 1 : 0;
    counts.groups[group]!.rows++;
    if (random.uniform() < behaviour.favourable[group]) counts.groups[group]!.favourable++;
    if (!drawn) return;
    this.compared.rows++;
    if (random.uniform() < 0.1) this.compared.disagreed++;
  }

  get evidence(): Evidence {
    const { canary, champion, compared } = this;
    const groups = [0, 1].map((index) => ({
      column: 'afam',
      ordinal: index + 1,
      canary: canary.groups[index]!,
      champion: champion.groups[index]!,
    }));
    return {
      serving: { canary, champion, compared },
      observed: { canary, champion, groups: groups.filter((group) => group.canary.rows >= 10) },
    };
  }
}

const side = () => ({
  requests: 0,
  failed: 0,
  slow: 0,
  scores: Array.from({ length: SCORE_CELLS }, () => 0),
  outcomes: 0,
  wrong: 0,
  groups: [
    { rows: 0, favourable: 0 },
    { rows: 0, favourable: 0 },
  ],
});

interface Run {
  readonly end: 'back' | 'promoted' | 'going';
  /** Outcomes of the canary when it went back. */
  readonly outcomes: number;
  readonly gates: readonly string[];
}

interface Looks {
  /** Judged after so many requests. */
  readonly every: number;
  /** Requests of a step. */
  readonly most: number;
  /** The worst case for false rollbacks: a step is not left as soon as it might be, but looked at to its end. */
  readonly stays?: boolean;
}

/** A whole rollout as the service runs it. */
function rollout(seed: number, plan: Canary, of: Behaviour, { every, most, stays = false }: Looks): Run {
  for (const [step, percent] of plan.steps.entries()) {
    const stream = new Stream(seed * 31 + step, of);
    let judged: CanaryJudgement | null = null;
    for (let n = 1; n <= most; n++) {
      stream.request(percent);
      if (n % every !== 0) continue;
      judged = judgeCanary(plan, stream.evidence);
      if (judged.verdict === 'back') {
        const harmed = judged.gates.filter(({ verdict }) => verdict === 'harm').map(({ gate }) => gate);
        return { end: 'back', outcomes: stream.canary.outcomes, gates: harmed };
      }
      if (judged.verdict === 'on' && !stays) break;
    }
    if (judged?.verdict !== 'on') return { end: 'going', outcomes: 0, gates: [] };
  }
  return { end: 'promoted', outcomes: 0, gates: [] };
}

const runs = (count: number, plan: Canary, of: Behaviour, how: Looks): Run[] =>
  Array.from({ length: count }, (_, seed) => rollout(seed + 1, plan, of, how));
const back = (all: readonly Run[]): Run[] => all.filter(({ end }) => end === 'back');

describe('judging a canary', () => {
  const plan = canaryOf({ falseRollbackRate: 0.05 });
  const everything = canaryOf({
    falseRollbackRate: 0.05,
    gates: { errors: {}, latency: {}, agreement: {}, scoreDrift: {}, fairness: {}, outcomes: {} },
  });

  it('in 200 rollouts of a model against itself, looked at 25 times a step: false rollbacks stay below the stated rate', () => {
    // No tolerance: every bit by which chance makes the canary look worse counts.
    const strict = canaryOf({
      falseRollbackRate: 0.05,
      steps: [20, 50],
      gates: {
        errors: { tolerance: 0 },
        latency: { tolerance: 0 },
        outcomes: { tolerance: 0, margin: 0.15 },
      },
    });
    const all = runs(200, strict, CHAMPION, { every: 120, most: 3_000, stays: true });
    expect(back(all).length).toBeLessThanOrEqual(0.05 * 200);
    expect(all.filter(({ end }) => end === 'promoted').length).toBeGreaterThan(180);
  }, 300_000);

  it('promotes a model that is as good, at the default gates, on a few thousand requests', () => {
    const all = runs(20, plan, CHAMPION, { every: 500, most: 20_000 });
    expect(all.filter(({ end }) => end === 'promoted').length).toBeGreaterThanOrEqual(19);
  }, 300_000);

  it('keeps the rate with all six gates too', () => {
    const all = runs(40, everything, CHAMPION, { every: 500, most: 5_000, stays: true });
    expect(back(all).length).toBeLessThanOrEqual(2);
  }, 300_000);

  it('where fixed limits of 95 %, looked at as often, would have sent more than one in ten back', () => {
    let fooled = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const stream = new Stream(seed, CHAMPION);
      for (let n = 1; n <= 6_000; n++) {
        stream.request(25);
        if (n % 100 !== 0 || stream.canary.outcomes < 50) continue;
        const [a, b] = [stream.canary, stream.champion].map(({ wrong, outcomes }) => ({
          p: wrong / outcomes,
          v: ((wrong / outcomes) * (1 - wrong / outcomes)) / outcomes,
        }));
        if (a!.p - b!.p > 1.645 * Math.sqrt(a!.v + b!.v)) {
          fooled++;
          break;
        }
      }
    }
    expect(fooled).toBeGreaterThan(10);
  }, 300_000);

  it('sends a model that is wrong in 45 % where the champion is in 20 % back within 250 of its own outcomes', () => {
    const all = runs(100, plan, { ...CHAMPION, wrong: 0.45 }, { every: 50, most: 6_000 });
    expect(back(all)).toHaveLength(100);
    for (const { outcomes, gates } of all) {
      expect(outcomes).toBeLessThanOrEqual(250);
      expect(gates).toContain('outcomes');
    }
  }, 300_000);

  it.each<[string, Partial<Behaviour>]>([
    ['errors', { failed: 0.15 }],
    ['latency', { slow: 0.4 }],
    ['scoreDrift', { shift: 0.5 }],
    ['fairness', { favourable: [0.6, 0.1] }],
    ['outcomes', { wrong: 0.5 }],
  ])(
    'finds planted harm by %s',
    (gate, worse) => {
      const all = runs(10, everything, { ...CHAMPION, ...worse }, { every: 200, most: 12_000 });
      for (const { end, gates } of all) {
        expect(end).toBe('back');
        expect(gates).toContain(gate);
      }
    },
    120_000,
  );

  it('by agreement: a canary that says something else on every third row', () => {
    const { serving, observed } = new Stream(1, CHAMPION).evidence;
    const counts = (rows: number) => ({
      serving: { ...serving, compared: { rows, disagreed: rows / 2 } },
      observed,
    });
    const strict = canaryOf({ gates: { agreement: { tolerance: 0.3 } } });
    expect(judgeCanary(strict, counts(10)).verdict).toBe('stay');
    expect(judgeCanary(strict, counts(600)).verdict).toBe('back');
  });

  it('goes on only when each gate has its minimum, and only when shown to be no worse by the margin', () => {
    const observed = (outcomes: number) => ({
      canary: { outcomes, wrong: outcomes / 5 },
      champion: { outcomes: outcomes * 3, wrong: (outcomes * 3) / 5 },
      groups: [],
    });
    const of = (gates: object, outcomes: number) =>
      judgeCanary(canaryOf({ gates }), { serving: NO_SERVING, observed: observed(outcomes) }).verdict;
    expect(of({ outcomes: { minimum: 100, margin: 1 } }, 95)).toBe('stay');
    expect(of({ outcomes: { minimum: 100, margin: 1 } }, 100)).toBe('on');
    expect(of({ outcomes: { minimum: 100, margin: 0.05 } }, 100)).toBe('stay');
    expect(of({ outcomes: { minimum: 100, margin: 0.05 } }, 10_000)).toBe('on');
    expect(of({ outcomes: {}, errors: {} }, 10_000)).toBe('stay');
    expect(judgeCanary(plan, { serving: NO_SERVING, observed: NO_OBSERVED }).gates[0]!.difference).toBeNull();
  });

  it('has limits that hold the difference, and that more evidence of the same kind narrows', () => {
    const count = fc
      .integer({ min: 1, max: 500 })
      .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
    fc.assert(
      fc.property(count, count, ([a, n], [b, m]) => {
        const at = (k: number) =>
          anytimeDifference({ hits: a * k, trials: n * k }, { hits: b * k, trials: m * k }, 0.01)!;
        const [one, many] = [at(1), at(8)];
        expect(one.lower).toBeLessThanOrEqual(one.value);
        expect(one.upper).toBeGreaterThanOrEqual(one.value);
        expect(many.upper - many.lower).toBeLessThanOrEqual(one.upper - one.lower + 1e-9);
      }),
    );
  });

  it('adds what processes counted, in any order', () => {
    const counts = (requests: number): ServingCounts => ({
      requests,
      failed: 1,
      slow: 2,
      scores: [requests, 1],
    });
    const one = (n: number) => ({
      canary: counts(n),
      champion: counts(2 * n),
      compared: { rows: n, disagreed: 1 },
    });
    const sum = sumServing([one(3), one(5)]);
    expect(sum).toEqual(sumServing([one(5), one(3)]));
    expect(sum.canary).toMatchObject({ requests: 8, failed: 2, slow: 4 });
    expect(sum.champion.scores.slice(0, 2)).toEqual([16, 2]);
    expect(sum.compared).toEqual({ rows: 8, disagreed: 2 });
  });
});
