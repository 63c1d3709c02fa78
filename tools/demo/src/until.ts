import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, errors } from '@steward/kernel';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** What is left of a wait that is meant to be in vain. */
const IN_VAIN = 0.3;

let patience = 1;
const meantInVain = new AsyncLocalStorage<RegExp>();

/** For tests of the demo itself on a machine in trouble: all waits may take longer. */
export function setPatience(share: number): void {
  patience = share;
}

/** For tests of the demo itself: waits for this, in this work alone, are meant to be in vain and end sooner. */
export function inVain<T>(what: RegExp, work: () => Promise<T>): Promise<T> {
  return meantInVain.run(what, work);
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
  const waitMs = timeoutMs * (meantInVain.getStore()?.test(what) ? IN_VAIN : patience);
  const deadline = Date.now() + waitMs;
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
  throw errors.unavailable('DEMO.WAITED_IN_VAIN', `Waited ${waitMs / 1000} s in vain for ${what}.`, {
    cause: last,
  });
}

/** Throws DEMO.STEP_FAILED with the sentence unless the condition holds. */
export function hold(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw errors.conflict('DEMO.STEP_FAILED', sentence);
}
