import { AppError, errors } from '@steward/kernel';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BinCache } from '../binning/bin-cache';
import { cancelled, type FitProgress } from '../learner/progress';
import { type FitJob, type FitResult, runFitJob } from './fit-job';
import { rowsName } from './rows-name';
import type { WorkerReply } from './worker-reply';
import type { WorkerTask } from './worker-task';

/** How a pool runs. */
export interface PoolOptions {
  /** Worker threads; 0 runs every job on the calling thread, one after another. Default 2. */
  readonly size?: number;
  /** The worker's file and Node flags. Default: the built library's own worker. */
  readonly worker?: { readonly file: string; readonly execArgv?: readonly string[] };
}

/** Callbacks of a job in a pool. */
export interface PoolControl {
  readonly onProgress?: (progress: FitProgress) => void;
  /** Ends the job (queued or running): it rejects with LEARNING.CANCELLED. */
  readonly signal?: AbortSignal;
}

interface Queued {
  readonly job: FitJob;
  readonly control: PoolControl;
  readonly resolve: (result: FitResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Worker threads that fit models side by side. Data in shared memory (`shareData`) is read in place by all of them,
 * and each keeps the bins of the rows that it learned from last.
 * Results do not depend on the size of the pool: each job is seeded by itself. Close it after use.
 */
export class LearningPool {
  private readonly size: number;
  private readonly queue: Queued[] = [];
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly cache = new BinCache();
  private closed = false;

  constructor(private readonly options: PoolOptions = {}) {
    this.size = options.size ?? 2;
  }

  /** Runs a job in the next free worker. Rejects with what the fit throws, or LEARNING.WORKER_DIED. */
  run(job: FitJob, control: PoolControl = {}): Promise<FitResult> {
    if (this.closed) return Promise.reject(errors.conflict('LEARNING.POOL_CLOSED', 'The pool is closed.'));
    if (this.size === 0) return this.runHere(job, control);
    return new Promise((resolve, reject) => {
      this.queue.push({ job, control, resolve, reject });
      this.dispatch();
    });
  }

  /** Ends all workers; running jobs reject. */
  async close(): Promise<void> {
    this.closed = true;
    for (const queued of this.queue.splice(0)) queued.reject(cancelled());
    await Promise.all([...this.all].map((worker) => worker.terminate()));
  }

  private async runHere(job: FitJob, { onProgress, signal }: PoolControl): Promise<FitResult> {
    // A turn of the event loop between jobs lets callers cancel.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw cancelled();
    const rows = rowsName(job);
    const control = { onProgress, shouldStop: () => signal?.aborted ?? false };
    return runFitJob(job, control, rows === undefined ? undefined : { cache: this.cache, rows });
  }

  private dispatch(): void {
    while (this.queue.length > 0 && !this.closed) {
      const worker = this.idle.pop() ?? (this.all.size < this.size ? this.start() : undefined);
      if (!worker) return;
      const queued = this.queue.shift()!;
      if (queued.control.signal?.aborted) {
        queued.reject(cancelled());
        this.idle.push(worker);
      } else this.assign(worker, queued);
    }
  }

  private start(): Worker {
    const { file = join(__dirname, 'learning.worker.js'), execArgv = [] } = this.options.worker ?? {};
    const worker = new Worker(file, { execArgv: [...execArgv] });
    this.all.add(worker);
    return worker;
  }

  private assign(worker: Worker, { job, control, resolve, reject }: Queued): void {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => void Atomics.store(stop, 0, 1);
    control.signal?.addEventListener('abort', abort, { once: true });
    const settle = (alive: boolean, done: () => void): void => {
      worker.off('error', failed).off('exit', ended).off('message', replied);
      control.signal?.removeEventListener('abort', abort);
      if (alive) this.idle.push(worker);
      else this.all.delete(worker);
      done();
      this.dispatch();
    };
    const failed = (error: unknown): void => settle(false, () => reject(workerDied(error)));
    const ended = (code: number): void => failed(new Error(`exit code ${code}`));
    const replied = (reply: WorkerReply): void => {
      if (reply.kind === 'progress') control.onProgress?.(reply.progress);
      else settle(true, () => (reply.kind === 'result' ? resolve(reply.result) : reject(errorOf(reply))));
    };
    worker.on('error', failed).on('exit', ended).on('message', replied);
    const task: WorkerTask = { job, stop, rows: rowsName(job) };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    worker.postMessage(task);
  }
}

function workerDied(cause: unknown): AppError {
  const message =
    'A training worker ended before its job was done; the data may be too large for its memory.';
  return errors.internal('LEARNING.WORKER_DIED', message, { cause });
}

function errorOf(reply: Exclude<WorkerReply, { kind: 'progress' | 'result' }>): Error {
  return reply.kind === 'refused' ? new AppError(reply.error) : new Error(reply.message);
}
