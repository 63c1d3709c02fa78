import { errors, type AppError } from '@steward/kernel';
import type { Engine, InputColumn } from '../engines/engine';
import { join, split, type Part } from './batch';
import type { BatchLimits } from './batching-settings';

/** Why a batch was dispatched. */
export type DispatchReason = 'full' | 'delay' | 'deadline' | 'turn' | 'alone';

/** What a batching engine tells of its batches. */
export interface BatchEvents {
  readonly dispatched: (reason: DispatchReason, requests: number, rows: number) => void;
  readonly waiting: (rows: number) => void;
}

interface Entry extends Part {
  readonly since: number;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (answer: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts requests that come close together into one call of an engine, and gives each its own rows of the answer: the same
 * that it would have got alone. One call at a time; what comes meanwhile makes up the next.
 */
export class BatchingEngine implements Engine {
  private queue: Entry[] = [];
  private rows = 0;
  private running = false;
  private timer: NodeJS.Timeout | null = null;
  private turn: NodeJS.Immediate | null = null;
  /** How long a call took lately, ms: a deadline that is nearer dispatches at once. */
  private usualMs = 0;

  constructor(
    private readonly engine: Engine,
    private readonly limits: BatchLimits,
    private readonly events: BatchEvents,
  ) {}

  get kind(): Engine['kind'] {
    return this.engine.kind;
  }

  score(columns: readonly InputColumn[], rows: number, deadline = Infinity): Promise<Float64Array> {
    if (this.rows > 0 && this.rows + rows > this.limits.queueRows) return Promise.reject(full(this.limits));
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const until = since + Math.max(0, deadline - Date.now());
      this.queue.push({ columns, rows, since, deadline: until, resolve, reject });
      this.count(rows);
      this.schedule();
    });
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private count(rows: number): void {
    this.rows += rows;
    this.events.waiting(this.rows);
  }

  /** Dispatches now, or sees to it that it happens when it is time. */
  private schedule(): void {
    if (this.running || this.queue.length === 0) return;
    if (this.rows >= this.limits.maxRows) return this.dispatch(this.queue.length > 1 ? 'full' : 'alone');
    if (this.limits.maxDelayMs === 0) {
      this.turn ??= setImmediate(() => {
        this.turn = null;
        if (!this.running && this.queue.length > 0) this.dispatch('turn');
      });
      return;
    }
    const due = this.queue[0]!.since + this.limits.maxDelayMs;
    const latest = this.queue.reduce((least, { deadline }) => Math.min(least, deadline), Infinity);
    const hurry = latest - 2 * this.usualMs;
    const wait = Math.min(due, hurry) - performance.now();
    if (wait <= 0) return this.dispatch(hurry < due ? 'deadline' : 'delay');
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.schedule();
    }, Math.ceil(wait));
  }

  private dispatch(reason: DispatchReason): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const batch = this.take();
    if (batch.length === 0) return this.schedule();
    this.running = true;
    const started = performance.now();
    void this.answer(batch).finally(() => {
      this.running = false;
      this.usualMs = 0.8 * this.usualMs + 0.2 * (performance.now() - started);
      this.schedule();
    });
    this.events.dispatched(
      reason,
      batch.length,
      batch.reduce((sum, { rows }) => sum + rows, 0),
    );
  }

  /** The oldest requests that make up a batch; those whose time is over are told so. */
  private take(): Entry[] {
    const now = performance.now();
    const batch: Entry[] = [];
    let rows = 0;
    let taken = 0;
    for (const entry of this.queue) {
      const over = entry.deadline <= now || entry.since + this.limits.timeoutMs <= now;
      if (!over && batch.length > 0 && rows + entry.rows > this.limits.maxRows) break;
      taken += 1;
      this.count(-entry.rows);
      if (over) entry.reject(late());
      else {
        batch.push(entry);
        rows += entry.rows;
      }
    }
    this.queue = this.queue.slice(taken);
    return batch;
  }

  private async answer(batch: readonly Entry[]): Promise<void> {
    try {
      const { columns, rows } = batch.length === 1 ? batch[0]! : join(batch);
      const answer = await this.engine.score(columns, rows);
      const parts = batch.length === 1 ? [answer] : split(answer, batch);
      batch.forEach(({ resolve }, index) => resolve(parts[index]!));
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(error);
      // One request's rows may have failed the others': each is told what it would have been told alone.
      for (const entry of batch) await this.answer([entry]);
    }
  }
}

function full({ queueRows }: BatchLimits): AppError {
  return errors.limit('INFERENCE.QUEUE_FULL', 'Too many rows wait for this model. Try again in a moment.', {
    retriable: true,
    details: { limit: queueRows, retryAfterMs: 100 },
  });
}

function late(): AppError {
  return errors.unavailable(
    'INFERENCE.QUEUE_TIMEOUT',
    'The request waited for the model until its time was over. Try again, or allow more time.',
  );
}
