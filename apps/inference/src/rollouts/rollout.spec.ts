import { lookIsDue } from './rollout';

const BEGAN = Date.parse('2026-11-28T10:00:00.000Z');

/** How many looks a step of so many milliseconds leaves, judged twice a second. */
function looksIn(milliseconds: number, everyMs: number): number {
  let last: string | null = null;
  let looks = 0;
  for (let now = BEGAN; now <= BEGAN + milliseconds; now += everyMs) {
    if (!lookIsDue({ stepAt: new Date(BEGAN).toISOString() }, last, now)) continue;
    last = new Date(now).toISOString();
    looks += 1;
  }
  return looks;
}

it('keeps looks the further apart the older the step is', () => {
  expect(looksIn(10_000, 500)).toBe(10);
  expect(looksIn(60_000, 500)).toBeLessThan(60);
  const month = looksIn(30 * 86_400_000, 5_000);
  expect(month).toBeGreaterThan(100);
  expect(month).toBeLessThan(350);
});

it('looks at once where nobody has', () => {
  expect(lookIsDue({ stepAt: new Date(BEGAN).toISOString() }, null, BEGAN)).toBe(true);
});
