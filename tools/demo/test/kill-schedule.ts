import { Services, type ServiceName } from '@steward/contracts';
import type { Platform } from '@steward/start';

/** About as long as the loop takes on a quiet machine. */
const LATEST_MS = 12_000;

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Kills each service once with SIGKILL, at a moment that follows from the seed. */
export class KillSchedule {
  readonly killed: ServiceName[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly pending: Promise<void>[] = [];

  constructor(
    private readonly platform: Platform,
    private readonly seed: number,
    private readonly write: (line: string) => void,
  ) {}

  start(): void {
    const next = random(this.seed);
    this.write(`seed ${this.seed}`);
    for (const service of Services) {
      const at = Math.floor(next() * LATEST_MS);
      this.pending.push(
        new Promise((resolve) => {
          this.timers.push(
            setTimeout(() => {
              this.write(`${service} is killed, ${(at / 1000).toFixed(1)} s after the first upload`);
              this.killed.push(service);
              this.platform.service(service).kill();
              resolve();
            }, at),
          );
        }),
      );
    }
  }

  /** Resolves when each service has been killed: the loop must not end before. */
  async finished(): Promise<void> {
    await Promise.all(this.pending);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
