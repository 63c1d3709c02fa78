/**
 * Calls `check` until it returns without throwing. libs/testing has the same for everyone else, and depends on this
 * library.
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  withinMs = 60_000,
): Promise<Result> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
