import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ScorablePipeline } from '@steward/onnx';
import { InferenceConfig } from '../inference.config';
import { ModelThread, threadFile } from '../threads/model-thread';

/**
 * Reads model files in a thread of its own: to decode and check a hundred trees takes as long as a thousand answers, and a
 * model that is swapped in must not hold up those that answer. The thread is kept: a new one would have to load its
 * modules and compile them first.
 */
@Injectable()
export class ModelReader implements OnApplicationShutdown {
  private readonly thread: ModelThread<Uint8Array, null, ScorablePipeline | null>;
  private lastFile = 0;

  constructor(config: InferenceConfig) {
    this.thread = new ModelThread(threadFile(join(__dirname, 'model-reader.worker'), config.threadArguments));
  }

  /** What a scorer can be made of, null for a file that none can be made of. Rejects with a retriable error if the thread dies. */
  async read(onnx: Uint8Array): Promise<ScorablePipeline | null> {
    const file = String(++this.lastFile);
    this.thread.open(file, onnx);
    try {
      return await this.thread.run(file, null, 1);
    } finally {
      this.thread.forget(file);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread.abort();
  }
}
