import { join } from 'node:path';
import { Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { errors, isRetriable } from '@steward/kernel';
import { InferenceConfig } from '../inference.config';
import { ModelThread, threadFile } from '../threads/model-thread';
import { explainTimeout, type ExplainWork } from './explain-rows';
import type { ExplainedMargins } from './explanation';

const MAX_MODEL_BYTES = 256 * 1024 * 1024;
/** Models that the thread keeps open; the one that was asked for longest ago goes first. */
const MOST_MODELS = 8;
/** So long after its time is over a thread that has not come to the end of a row is ended. */
const GRACE_MS = 1_000;
/** A row whose counterfactuals are wanted counts as so many rows. */
const COUNTERFACTUAL_WEIGHT = 64;

/**
 * Explains in a thread of its own, so that serving goes on. Any version whose bytes the store has can be explained,
 * whether it is served or not: the bytes are read by digest, and carry all that an explanation needs.
 */
@Injectable()
export class Explainer implements OnApplicationShutdown {
  private readonly thread: ModelThread<Uint8Array, ExplainWork, ExplainedMargins>;
  private readonly maxRows: number;
  private readonly timeoutMs: number;
  private readonly mostWaiting: number;
  /** Digests of open models, the one last asked for at the end. */
  private readonly open = new Set<string>();

  constructor(
    config: InferenceConfig,
    private readonly artifacts: ArtifactStore,
    @Optional() private readonly graceMs = GRACE_MS,
  ) {
    this.thread = new ModelThread(threadFile(join(__dirname, 'explain.worker'), config.threadArguments));
    this.maxRows = config.explainRows;
    this.mostWaiting = config.explainQueueRows;
    this.timeoutMs = config.explainTimeoutMs;
  }

  /** Throws INFERENCE.EXPLAIN_TOO_MANY_ROWS. */
  requireFew(rows: number): void {
    if (rows <= this.maxRows) return;
    throw errors.limit(
      'INFERENCE.EXPLAIN_TOO_MANY_ROWS',
      `At most ${this.maxRows} rows are explained at a time; ${rows} came. Send them in several requests.`,
      { details: { limit: this.maxRows } },
    );
  }

  /**
   * Rejects with a retriable refusal where too many rows wait, with INFERENCE.EXPLAIN_TIMEOUT where the caller's deadline
   * or the time of an explanation is over, and with ONNX.NOT_EXPLAINABLE for a model that cannot be explained.
   */
  async explain(
    digest: string,
    work: Omit<ExplainWork, 'deadline'>,
    deadline: number | undefined,
  ): Promise<ExplainedMargins> {
    const weight = work.rows + COUNTERFACTUAL_WEIGHT * (work.counterfactuals?.rows.length ?? 0);
    const { rowsWaiting: waiting } = this.thread;
    if (waiting > 0 && waiting + weight > this.mostWaiting) {
      throw errors.limit(
        'INFERENCE.EXPLAINER_BUSY',
        'Too many rows wait to be explained. Try again in a moment.',
        { retriable: true, details: { waiting, limit: this.mostWaiting, retryAfterMs: 250 } },
      );
    }
    const until = Math.min(Date.now() + this.timeoutMs, deadline ?? Infinity);
    if (!this.thread.has(digest)) {
      const onnx = await this.artifacts.read(digest, { maxBytes: MAX_MODEL_BYTES });
      if (!this.thread.has(digest)) this.thread.open(digest, onnx);
    }
    this.used(digest);
    // Between rows the thread looks at the clock itself. A single row of an enormous model is ended from here.
    const guard = setTimeout(() => void this.thread.abort(), until - Date.now() + this.graceMs);
    try {
      return await this.thread.run(digest, { ...work, deadline: until }, weight);
    } catch (error) {
      throw Date.now() > until && isRetriable(error) ? explainTimeout() : error;
    } finally {
      clearTimeout(guard);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread.abort();
  }

  private used(digest: string): void {
    this.open.delete(digest);
    this.open.add(digest);
    const [oldest] = this.open;
    if (this.open.size <= MOST_MODELS || oldest === undefined) return;
    this.open.delete(oldest);
    this.thread.forget(oldest);
  }
}
