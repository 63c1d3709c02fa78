import { compareArms } from './arm-comparison';
import { NO_OBSERVED, NO_SERVING } from './evidence';

const arm = (version: number, requests: number, failed: number, outcomes: number, wrong: number) => ({
  version,
  evidence: {
    serving: { ...NO_SERVING, champion: { ...NO_SERVING.champion, requests, failed } },
    observed: { ...NO_OBSERVED, champion: { outcomes, wrong } },
  },
});

describe('comparing arms', () => {
  it('has nothing to say of what was not seen, and never compares the champion with itself', () => {
    const [champion, other] = compareArms(arm(1, 0, 0, 0, 0), [arm(2, 10, 1, 0, 0)]);
    expect(champion).toMatchObject({
      failed: null,
      wrong: null,
      failedDifference: null,
      wrongDifference: null,
    });
    expect(other).toMatchObject({
      requests: 10,
      failed: { value: 0.1 },
      failedDifference: null,
      wrong: null,
    });
  });

  it('finds the arm that is wrong more often, and widens its limits with the number of arms', () => {
    const champion = arm(1, 2_000, 2, 1_000, 200);
    const [, worse, alike] = compareArms(champion, [arm(2, 900, 1, 500, 200), arm(3, 900, 1, 500, 101)]);
    expect(worse!.wrongDifference!.lower).toBeGreaterThan(0);
    expect(alike!.wrongDifference!.lower).toBeLessThan(0);
    const [, alone] = compareArms(champion, [arm(2, 900, 1, 500, 200)]);
    expect(alone!.wrongDifference!.lower).toBeGreaterThan(worse!.wrongDifference!.lower);
  });
});
