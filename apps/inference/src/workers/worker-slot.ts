import cluster, { type Worker } from 'node:cluster';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A worker that lived this long is replaced with the first delay. */
const HEALTHY_AFTER_MS = 30_000;
const STOP_GRACE_MS = 7_000;
/** A replacement that does not listen by then is given up, and the worker before it goes on. */
const LONGEST_START_MS = 60_000;

/** What a slot tells of its workers. */
export interface SlotEvents {
  /** Each new worker, before it does anything. */
  readonly onStart: (worker: Worker) => void;
  /** A worker ended that nobody asked to. */
  readonly onCrash: (worker: Worker, why: string, delayMs: number) => void;
}

/** One of the N places for a worker: there is always one in it, or one on its way. */
export class WorkerSlot {
  private worker: Worker | null = null;
  private delay = FIRST_DELAY_MS;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly events: SlotEvents,
  ) {}

  /** Puts the first worker in. Resolves when it listens, also if others died before it. */
  start(): Promise<void> {
    return new Promise((resolve) => this.fill(resolve));
  }

  /** A new worker takes the place before the old one leaves; false where the new one did not get up. */
  async replace(): Promise<boolean> {
    if (this.stopping) return false;
    const next = this.fork();
    if (!(await this.listens(next))) {
      next.process.kill('SIGKILL');
      return false;
    }
    if (this.timer) clearTimeout(this.timer);
    const old = this.worker;
    this.keep(next, () => undefined);
    if (old) await end(old);
    return true;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    if (this.worker) await end(this.worker);
  }

  private fill(onListening: () => void): void {
    const worker = this.fork();
    this.keep(worker, onListening);
    void this.listens(worker).then((listens) => {
      if (listens) onListening();
    });
  }

  /** From now on this worker is the slot's, and is followed by another when it ends. */
  private keep(worker: Worker, onListening: () => void): void {
    this.worker = worker;
    const startedAt = Date.now();
    worker.once('exit', (code, signal) => {
      // One that was replaced on purpose is no longer the slot's when it ends.
      if (this.worker !== worker || this.stopping) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.delay = FIRST_DELAY_MS;
      this.events.onCrash(worker, signal ?? `status ${code}`, this.delay);
      this.timer = setTimeout(() => this.fill(onListening), this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
    });
  }

  private fork(): Worker {
    const worker = cluster.fork(this.environment);
    this.events.onStart(worker);
    return worker;
  }

  private listens(worker: Worker): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), LONGEST_START_MS);
      const settle = (listens: boolean): void => {
        clearTimeout(timer);
        worker.off('message', heard);
        resolve(listens);
      };
      const heard = (message: { type?: string }): void => {
        if (message.type === 'ready') settle(true);
      };
      worker.on('message', heard);
      worker.once('exit', () => settle(false));
    });
  }
}

async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), STOP_GRACE_MS);
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.process.kill('SIGTERM');
  });
}
