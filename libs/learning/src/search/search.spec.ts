import { Random } from '../random/random';
import { search } from './search';
import { drawPoint, type Point, type SearchSpace } from './search-space';
import { Study } from './study';

interface Problem {
  readonly space: SearchSpace;
  readonly loss: (point: Point) => number;
}

const number = (min: number, max: number) => ({ kind: 'number', min, max }) as const;

/** Three problems whose losses are positive, with the best value known by 200 random trials. */
const problems: Record<string, Problem> = {
  'a bowl in six dimensions': {
    space: Object.fromEntries([1, 2, 3, 4, 5, 6].map((j) => [`x${j}`, number(-5, 5)])),
    loss: (p) => 10 + Object.values(p).reduce<number>((sum, x, j) => sum + ((x as number) - j + 2) ** 2, 0),
  },
  'Branin with a wrong choice': {
    space: { x: number(-5, 10), y: number(0, 15), mode: { kind: 'choice', values: ['off', 'on', 'wrong'] } },
    loss: ({ x, y, mode }) => {
      const [a, b] = [x as number, y as number];
      const bowl = (b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2;
      const penalty = mode === 'on' ? 0 : mode === 'off' ? 5 : 50;
      return 10 + bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10 + penalty;
    },
  },
  'a learning rate and a size, in logarithms': {
    space: {
      rate: { kind: 'number', min: 1e-5, max: 1, log: true },
      size: { kind: 'integer', min: 1, max: 1024, log: true },
      drop: number(0, 1),
    },
    loss: ({ rate, size, drop }) =>
      1 +
      (Math.log10(rate as number) + 2) ** 2 +
      (Math.log2(size as number) - 6) ** 2 / 8 +
      ((drop as number) - 0.2) ** 2,
  },
};

// A busy machine is slow.
jest.setTimeout(60_000);

describe('search', () => {
  it.each(Object.entries(problems))(
    'TPE comes within 1 %% of 200 random trials in 50: %s',
    async (_, problem) => {
      const ratios: number[] = [];
      for (let seed = 0; seed < 5; seed++) {
        const random = new Random(seed + 100);
        const drawn = Array.from({ length: 200 }, () => problem.loss(drawPoint(problem.space, random)));
        const evaluate = ({ point }: { point: Point }): number => problem.loss(point);
        const { best } = await search({ space: problem.space, evaluate, trials: 50, seed });
        ratios.push(best!.loss! / Math.min(...drawn));
      }
      expect(ratios.sort((a, b) => a - b)[2]).toBeLessThan(1.01);
    },
  );

  it('goes on after an interruption as if there had been none', async () => {
    const { space, loss } = problems['a bowl in six dimensions']!;
    const evaluate = ({ point }: { point: Point }): number => loss(point);
    const whole = await search({ space, evaluate, trials: 30, seed: 3 });
    const half = await search({ space, evaluate, trials: 17, seed: 3 });
    const resume = JSON.parse(JSON.stringify(half.state));
    expect(await search({ space, evaluate, trials: 30, seed: 3, resume })).toEqual(whole);
  });

  it.each([undefined, { minResource: 1 / 9, eta: 3 }])(
    'resumes at any trial, halving %j',
    async (halving) => {
      const { space, loss } = problems['a learning rate and a size, in logarithms']!;
      const options = { space, seed: 8, halving, evaluate: ({ point }: { point: Point }) => loss(point) };
      const whole = await search({ ...options, trials: 40 });
      for (const stop of [1, 11, 23, 39]) {
        const part = await search({ ...options, trials: stop });
        // A trial that was still running is in the state without a loss.
        const running = { ...whole.state.trials[stop]!, loss: undefined };
        const resume = JSON.parse(JSON.stringify({ trials: [...part.state.trials, running] }));
        expect(await search({ ...options, trials: 40, resume })).toEqual(whole);
      }
    },
  );

  it('halves: the best points get more, and no more than their share', async () => {
    const { space, loss } = problems['a bowl in six dimensions']!;
    const spent: number[] = [];
    const { best, state } = await search({
      space,
      trials: 80,
      halving: { minResource: 1 / 9, eta: 3 },
      evaluate: ({ point, resource, number }) => {
        spent.push(resource);
        // Small resources see the loss through a haze.
        return loss(point) + (1 - resource) * ((number * 7919) % 13) * 0.3;
      },
    });
    const full = spent.filter((resource) => resource === 1).length;
    expect(full).toBeGreaterThan(3);
    expect(full).toBeLessThan(25);
    expect(best!.resource).toBe(1);
    const losses = state.trials.filter((t) => t.promotedFrom === undefined).map((t) => loss(t.point));
    expect(loss(best!.point)).toBeLessThan(losses.sort((a, b) => a - b)[Math.floor(losses.length / 4)]!);
  });

  it('survives failed trials, keeps to its time, and can be cancelled', async () => {
    const space = { x: number(0, 1) };
    const failing = await search({
      space,
      trials: 20,
      evaluate: ({ number: n, point }) => {
        if (n % 2 === 0) throw new Error('does not converge');
        return point['x'] as number;
      },
    });
    expect(failing.best!.loss).toBeLessThan(0.5);
    let clock = 0;
    const timed = await search({
      space,
      trials: 1000,
      seconds: 5,
      evaluate: () => 1,
      now: () => (clock += 1000),
    });
    expect(timed.ended).toBe('seconds');
    expect(timed.state.trials.length).toBeLessThan(6);
    const controller = new AbortController();
    const running = search({
      space,
      trials: 9,
      signal: controller.signal,
      evaluate: () => (controller.abort(), 1),
    });
    await expect(running).rejects.toMatchObject({ code: 'LEARNING.CANCELLED' });
    await expect(search({ space: { x: number(1, 0) }, trials: 1, evaluate: () => 1 })).rejects.toThrow(
      /"x" is empty/,
    );
    const study = new Study({ space });
    expect(() => study.tell(0, 1)).toThrow(/Trial 0 was not asked/);
  });
});
