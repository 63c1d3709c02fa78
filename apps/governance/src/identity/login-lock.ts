/** Failures in a row that cost nothing. */
const FREE_FAILURES = 5;
const LONGEST_MS = 15 * 60_000;
/** Without a failure for this long the count starts anew. */
const FORGET_MS = 24 * 60 * 60_000;

/** What is known of failed logins under one name. Times in milliseconds since the epoch. */
export interface LoginFailures {
  readonly failures: number;
  readonly lockedUntil: number | null;
  readonly changedAt: number;
}

/** After the fifth failure in a row: 1 s, then twice as long each time, up to 15 minutes. */
export function afterFailure(before: LoginFailures | null, now: number): LoginFailures {
  const failures = before && now - before.changedAt < FORGET_MS ? before.failures + 1 : 1;
  const wait =
    failures < FREE_FAILURES
      ? null
      : Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(failures - FREE_FAILURES, 20));
  return { failures, lockedUntil: wait === null ? null : now + wait, changedAt: now };
}

/** Milliseconds that this name must still wait; 0: it may try. */
export function waitOf(state: LoginFailures | null, now: number): number {
  return Math.max(0, (state?.lockedUntil ?? 0) - now);
}
