import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { InferenceConfig } from '../inference.config';
import type { InputColumn } from './engine';
import { RuntimeThread, type ThreadModel } from './runtime-thread';

const BUILT = join(__dirname, 'onnx-runtime.worker.js');
const FILE = existsSync(BUILT) ? BUILT : join(__dirname, 'onnx-runtime.worker.ts');

/** The threads of this process that run large batches: the one with the least to do takes the next. */
@Injectable()
export class RuntimeThreads implements OnApplicationShutdown {
  private readonly threads: readonly RuntimeThread[];
  private readonly maxRows: number;
  private lastKey = 0;

  constructor(config: InferenceConfig) {
    const where = { file: FILE, execArgv: config.threadArguments };
    this.threads = Array.from({ length: config.engineThreads }, () => new RuntimeThread(where));
    this.maxRows = config.engineQueueRows;
  }

  /** A number that names a model in all threads. */
  nextKey(): number {
    return ++this.lastKey;
  }

  /** Rejects with a retriable refusal where more rows wait than the queue holds. */
  run(model: ThreadModel, columns: readonly InputColumn[], rows: number): Promise<Float64Array> {
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
    return least.run(model, columns, rows);
  }

  forget(key: number): void {
    for (const thread of this.threads) thread.forget(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }
}
