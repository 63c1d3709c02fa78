const TURN_MS = 4;

/**
 * How many turns of the event loop some work takes where each turn has 4 ms of other work to do, as in a process that many
 * call. Work that needs many turns is slow there, however little it computes.
 */
export async function busyTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = (): void => {
    if (over) return;
    turns += 1;
    for (const until = performance.now() + TURN_MS; performance.now() < until;);
    setImmediate(turn);
  };
  setImmediate(turn);
  await work().finally(() => (over = true));
  return turns;
}
