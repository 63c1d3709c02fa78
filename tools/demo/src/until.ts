import { AppError, errors } from '@steward/kernel';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

let patience = 1;

/** For tests of the demo itself: waits that are meant to be in vain end sooner. */
export function setPatience(share: number): void {
  patience = share;
}

/**
 * Asks again and again until `probe` gives a value. Errors that say `retriable` count as "not yet".
 * Throws DEMO.WAITED_IN_VAIN, naming what it waited for.
 */
export async function until<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs * patience;
  let pause = FIRST_PAUSE_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== null && value !== undefined && value !== false) return value;
    } catch (error) {
      if (!AppError.is(error) || !error.retriable) throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
  throw errors.unavailable(
    'DEMO.WAITED_IN_VAIN',
    `Waited ${(timeoutMs * patience) / 1000} s in vain for ${what}.`,
    {
      cause: last,
    },
  );
}

/** Throws DEMO.STEP_FAILED with the sentence unless the condition holds. */
export function hold(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw errors.conflict('DEMO.STEP_FAILED', sentence);
}
