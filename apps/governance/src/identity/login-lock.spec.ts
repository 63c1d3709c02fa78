import { afterFailure, waitOf, type LoginFailures } from './login-lock';

const fail = (times: number, now = 0): LoginFailures => {
  let state: LoginFailures | null = null;
  for (let n = 0; n < times; n++) state = afterFailure(state, now);
  return state!;
};

describe('the lock-out of logins', () => {
  it('costs nothing up to the fourth failure, then doubles up to 15 minutes', () => {
    const waits = [1, 4, 5, 6, 7, 10, 30, 500].map((times) => waitOf(fail(times), 0) / 1000);
    expect(waits).toEqual([0, 0, 1, 2, 4, 32, 900, 900]);
    expect(waitOf(null, 0)).toBe(0);
  });

  it('is over when the time is', () => {
    expect(waitOf(fail(6), 1_500)).toBe(500);
    expect(waitOf(fail(6), 2_000)).toBe(0);
  });

  it('forgets after a day', () => {
    expect(afterFailure(fail(9), 25 * 60 * 60_000)).toMatchObject({ failures: 1, lockedUntil: null });
  });
});
