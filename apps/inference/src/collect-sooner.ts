import { setFlagsFromString } from 'node:v8';

/** By how much of what is alive the heap may grow until the next full garbage collection, percent. */
const GROWTH_PERCENT = 40;

/**
 * Has V8 collect before the heap has grown to several times of what is alive, as it does by itself. Events of predictions
 * wait for the log long enough to leave the young generation, so they and the native memory behind them (buffers, streams)
 * stand until a full collection: left alone, a process that needs 60 MiB of heap had 230 of it in use and 160 of native
 * memory. Full collections are more frequent by that and mark no more than what is alive.
 */
export function collectSooner(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
