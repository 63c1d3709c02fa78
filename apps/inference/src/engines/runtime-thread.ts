import { Worker } from 'node:worker_threads';
import { AppError, errors } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';
import type { InputColumn } from './engine';
import type { RuntimeReply, RuntimeRequest } from './runtime-messages';

/** A model as a thread opens it. */
export interface ThreadModel {
  readonly key: number;
  readonly onnx: Uint8Array;
  readonly signature: GraphSignature;
}

interface Job {
  readonly rows: number;
  readonly resolve: (probabilities: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/** The worker's file and Node flags. */
export interface ThreadFile {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/**
 * A thread that runs ONNX Runtime's blocking calls, made at the first job. One that dies fails its jobs with a
 * retriable error; the next job gets a new one, which opens its models anew.
 */
export class RuntimeThread {
  private worker: Worker | null = null;
  private readonly jobs = new Map<number, Job>();
  private opened = new Set<number>();
  private lastJob = 0;
  private waiting = 0;

  constructor(private readonly where: ThreadFile) {}

  /** Rows that were given to it and are not answered yet. */
  get rowsWaiting(): number {
    return this.waiting;
  }

  run(model: ThreadModel, columns: readonly InputColumn[], rows: number): Promise<Float64Array> {
    const worker = (this.worker ??= this.start());
    if (!this.opened.has(model.key)) {
      this.opened.add(model.key);
      post(worker, { kind: 'open', model: model.key, onnx: model.onnx, signature: model.signature });
    }
    return new Promise((resolve, reject) => {
      const job = ++this.lastJob;
      this.jobs.set(job, { rows, resolve, reject });
      this.waiting += rows;
      if (this.jobs.size === 1) worker.ref();
      post(worker, { kind: 'run', job, model: model.key, columns, rows });
    });
  }

  forget(key: number): void {
    if (this.worker && this.opened.delete(key)) post(this.worker, { kind: 'close', model: key });
  }

  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.where.file, { execArgv: [...this.where.execArgv] });
    worker.unref();
    worker.on('message', (reply: RuntimeReply) => this.settle(reply));
    worker.on('error', (error) => this.died(worker, error));
    worker.on('exit', (code) => this.died(worker, new Error(`exit code ${code}`)));
    return worker;
  }

  private settle(reply: RuntimeReply): void {
    const job = this.jobs.get(reply.job);
    if (!job) return;
    this.jobs.delete(reply.job);
    this.waiting -= job.rows;
    // A thread without work must not keep the process alive.
    if (this.jobs.size === 0) this.worker?.unref();
    if ('error' in reply) job.reject(new AppError(reply.error));
    else job.resolve(reply.probabilities);
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

function post(worker: Worker, request: RuntimeRequest): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  worker.postMessage(request);
}
