import { errors } from '@steward/kernel';
import type { InferenceSession } from 'onnxruntime-node';
import { checkSignature, type GraphSignature, type GraphValues } from './graph-signature';
import { feedsOf, probabilitiesOf } from './graph-tensors';

type Runtime = typeof import('onnxruntime-node');

/**
 * Any classifier's ONNX file in ONNX Runtime (CPU, one thread), held to its signature. `run` blocks the calling thread
 * while it computes: give large batches to a thread of their own. The native library is loaded by the first session.
 */
export class GraphSession {
  private constructor(
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
    readonly signature: GraphSignature,
  ) {}

  /** @throws AppError ONNX.REJECTED if ONNX Runtime does not take the file, ONNX.SIGNATURE if it is another model. */
  static async open(bytes: Uint8Array, signature: GraphSignature): Promise<GraphSession> {
    const runtime = await import('onnxruntime-node');
    const session = await createSession(runtime, bytes);
    try {
      checkSignature(signature, session.inputMetadata, session.outputMetadata);
    } catch (error) {
      await session.release();
      throw error;
    }
    return new GraphSession(runtime, session, signature);
  }

  /**
   * Probabilities, row-major [rows, classes], for columns in the order of the signature's inputs.
   *
   * @throws AppError ONNX.BAD_CELL, ONNX.OUTPUT_SHAPE, ONNX.RUN_FAILED (the graph fails on these rows)
   */
  async run(columns: readonly GraphValues[], rows: number): Promise<Float64Array> {
    const { output } = this.signature.layout;
    const feeds = feedsOf(this.runtime, this.signature, this.session.inputMetadata, columns, rows);
    let answer: InferenceSession.ReturnType;
    try {
      answer = await this.session.run(feeds, [output]);
    } catch (cause) {
      throw errors.invalid('ONNX.RUN_FAILED', 'The model fails on these rows.', { cause });
    }
    return probabilitiesOf(this.signature, answer[output], rows);
  }

  /** Frees the native memory. */
  async close(): Promise<void> {
    await this.session.release();
  }
}

async function createSession(runtime: Runtime, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  } catch (cause) {
    throw errors.invalid('ONNX.REJECTED', `ONNX Runtime rejects the model: ${(cause as Error).message}`, {
      cause,
    });
  }
}
