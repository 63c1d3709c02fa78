export interface EventuallyOptions {
  /** Default 60,000 ms: it only ends what would never come true, on a machine that may be busy. */
  readonly withinMs?: number;
  /** Default 25 ms. */
  readonly everyMs?: number;
}

/**
 * Calls `check` until it returns without throwing, and gives back what it returned. Put expectations inside. If time is
 * up, the last error comes out. Use this in place of a sleep.
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  options: EventuallyOptions = {},
): Promise<Result> {
  const { withinMs = 60_000, everyMs = 25 } = options;
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
