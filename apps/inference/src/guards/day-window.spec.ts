import fc from 'fast-check';
import { DayWindow, hourOf } from './day-window';

const HOUR_MS = 3_600_000;

describe('DayWindow', () => {
  it('counts an hour until a day after its end', () => {
    const window = new DayWindow();
    window.take(3, 1_000);
    window.take(4, 1_001);
    expect([window.used(1_001), window.used(1_024), window.used(1_025), window.used(1_026)]).toEqual([
      7, 7, 4, 0,
    ]);
  });

  it('says when so many rows fit again, or that they never do', () => {
    const window = new DayWindow();
    window.take(3, 1_000);
    window.take(4, 1_005);
    expect(window.fits(3, 10, 1_010)).toBe(1_010 * HOUR_MS);
    expect(window.fits(6, 10, 1_010)).toBe(1_025 * HOUR_MS);
    expect(window.fits(10, 10, 1_010)).toBe(1_030 * HOUR_MS);
    expect(window.fits(11, 10, 1_010)).toBeNull();
  });

  it('keeps what others wrote beside what is not written yet, each once', () => {
    const window = new DayWindow();
    window.take(5, 1_000);
    const written = [...window.unwritten()];
    window.take(2, 1_000);
    // 100 rows of others stood there; ours were added to them.
    window.store(1_000, 105, written[0]!.rows);
    expect(window.used(1_000)).toBe(107);
    expect([...window.unwritten()]).toEqual([{ hour: 1_000, rows: 2 }]);
    window.store(1_000, 110);
    expect(window.used(1_000)).toBe(112);
  });

  it('property: is the sum of the last 25 hours, and fits when it says', () => {
    const taken = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 30 }), rows: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(taken, fc.integer({ min: 1, max: 200 }), (steps, rows) => {
        const window = new DayWindow();
        const all: { hour: number; rows: number }[] = [];
        let hour = 500_000;
        for (const step of steps) {
          hour += step.after;
          window.take(step.rows, hour);
          all.push({ hour, rows: step.rows });
          const counted = all.filter((one) => one.hour > hour - 25).reduce((sum, one) => sum + one.rows, 0);
          expect(window.used(hour)).toBe(counted);
        }
        const limit = 200;
        const at = window.fits(rows, limit, hour)!;
        expect(window.used(hourOf(at)) + rows <= limit).toBe(true);
        if (hourOf(at) > hour) expect(window.used(hourOf(at) - 1) + rows > limit).toBe(true);
      }),
    );
  });
});
