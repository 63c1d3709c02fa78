import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { errors } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';
import { InferenceConfig } from '../inference.config';
import { ModelThread, threadFile } from '../threads/model-thread';
import type { InputColumn } from './engine';

/** A model as a thread opens it. */
export interface RuntimeModel {
  readonly onnx: Uint8Array;
  readonly signature: GraphSignature;
}

/** What a thread scores. */
export interface RuntimeRows {
  readonly columns: readonly InputColumn[];
  readonly rows: number;
}

/** The threads of this process that run large batches: the one with the least to do takes the next. */
@Injectable()
export class RuntimeThreads implements OnApplicationShutdown {
  private readonly threads: readonly ModelThread<RuntimeModel, RuntimeRows, Float64Array>[];
  private readonly maxRows: number;
  private lastKey = 0;

  constructor(config: InferenceConfig) {
    const where = threadFile(join(__dirname, 'onnx-runtime.worker'), config.threadArguments);
    this.threads = Array.from({ length: config.engineThreads }, () => new ModelThread(where));
    this.maxRows = config.engineQueueRows;
  }

  /** What names a model in all threads. */
  nextKey(): string {
    return String(++this.lastKey);
  }

  /** Rejects with a retriable refusal where more rows wait than the queue holds. */
  run(
    key: string,
    model: RuntimeModel,
    columns: readonly InputColumn[],
    rows: number,
  ): Promise<Float64Array> {
    let least = this.threads[0]!;
    let waiting = 0;
    for (const thread of this.threads) {
      waiting += thread.rowsWaiting;
      if (thread.rowsWaiting < least.rowsWaiting) least = thread;
    }
    if (waiting > 0 && waiting + rows > this.maxRows) {
      return Promise.reject(
        errors.limit('INFERENCE.ENGINE_BUSY', 'Too many rows wait for the engine. Try again in a moment.', {
          retriable: true,
          details: { waiting, limit: this.maxRows, retryAfterMs: 100 },
        }),
      );
    }
    if (!least.has(key)) least.open(key, model);
    return least.run(key, { columns, rows }, rows);
  }

  forget(key: string): void {
    for (const thread of this.threads) thread.forget(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }
}
