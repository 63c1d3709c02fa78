import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AppError, errors } from '@steward/kernel';
import type { ThreadReply, ThreadRequest } from './thread-messages';

interface Job<Result> {
  readonly weight: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** The worker's file and Node flags. */
export interface ThreadFile {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/** The worker beside its module, as it was built, or in its sources. */
export function threadFile(path: string, execArgv: readonly string[]): ThreadFile {
  return { file: existsSync(`${path}.js`) ? `${path}.js` : `${path}.ts`, execArgv };
}

/**
 * A thread that does a model's blocking work (`serveThread` at the other end), made when it is first needed. One that
 * dies fails its jobs with a retriable error; then it is a new one, in which no model is open.
 */
export class ModelThread<Opening, Work, Result> {
  private worker: Worker | null = null;
  private readonly jobs = new Map<number, Job<Result>>();
  private opened = new Set<string>();
  private lastJob = 0;
  private waiting = 0;

  constructor(private readonly where: ThreadFile) {}

  /** Rows that were given to it and are not answered yet. */
  get rowsWaiting(): number {
    return this.waiting;
  }

  has(model: string): boolean {
    return this.opened.has(model);
  }

  open(model: string, opening: Opening): void {
    this.worker ??= this.start();
    this.opened.add(model);
    this.post({ kind: 'open', model, opening });
  }

  /** @param weight the rows that it counts as */
  run(model: string, work: Work, weight: number): Promise<Result> {
    const worker = (this.worker ??= this.start());
    return new Promise((resolve, reject) => {
      const job = ++this.lastJob;
      this.jobs.set(job, { weight, resolve, reject });
      this.waiting += weight;
      if (this.jobs.size === 1) worker.ref();
      this.post({ kind: 'run', job, model, work });
    });
  }

  forget(model: string): void {
    if (this.opened.delete(model)) this.post({ kind: 'close', model });
  }

  /**
   * Ends what the thread is doing at once: its jobs fail with a retriable error, and it is made anew. Only for work in
   * JavaScript: a thread that is ended inside a native call takes the process with it.
   */
  async abort(): Promise<void> {
    await this.worker?.terminate();
  }

  /** Fails its jobs as {@link abort} does, and lets the thread end behind the call that it is in. */
  async stop(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    this.died(worker, new Error('stopped'));
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    const end: ThreadRequest<Opening, Work> = { kind: 'end' };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    worker.postMessage(end);
    await ended;
  }

  private post(request: ThreadRequest<Opening, Work>): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    this.worker?.postMessage(request);
  }

  private start(): Worker {
    const worker = new Worker(this.where.file, { execArgv: [...this.where.execArgv] });
    worker.unref();
    worker.on('message', (reply: ThreadReply<Result>) => this.settle(reply));
    worker.on('error', (error) => this.died(worker, error));
    worker.on('exit', (code) => this.died(worker, new Error(`exit code ${code}`)));
    return worker;
  }

  private settle(reply: ThreadReply<Result>): void {
    const job = this.jobs.get(reply.job);
    if (!job) return;
    this.jobs.delete(reply.job);
    this.waiting -= job.weight;
    // A thread without work must not keep the process alive.
    if (this.jobs.size === 0) this.worker?.unref();
    if ('error' in reply) job.reject(new AppError(reply.error));
    else job.resolve(reply.result);
  }

  private died(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = null;
    this.opened = new Set();
    this.waiting = 0;
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    const error = errors.unavailable(
      'INFERENCE.ENGINE_DIED',
      'The engine ended during the call. Try again.',
      {
        cause,
      },
    );
    for (const { reject } of jobs) reject(error);
  }
}
