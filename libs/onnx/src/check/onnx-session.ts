import { errors } from '@steward/kernel';
import type { Column, FittedPipeline, Table } from '@steward/learning';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

type Runtime = typeof import('onnxruntime-node');

/** Predictions of ONNX Runtime for a table. */
export interface RuntimeAnswer {
  /** Row-major [rows, width]: probabilities, or the predictions. */
  readonly predictions: Float64Array;
  /** The class of each row; empty for regression and ranking. */
  readonly labels: readonly string[];
}

/**
 * A model that `writeOnnx` wrote, loaded into ONNX Runtime (CPU, one thread). The native library is loaded by the
 * first session, so that those who only score do without it.
 */
export class OnnxSession {
  private constructor(
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
    private readonly fitted: FittedPipeline,
  ) {}

  /** @throws AppError ONNX.REJECTED if ONNX Runtime does not take the file. */
  static async open(bytes: Uint8Array, fitted: FittedPipeline): Promise<OnnxSession> {
    const runtime = await import('onnxruntime-node');
    try {
      const session = await runtime.InferenceSession.create(bytes, {
        executionProviders: ['cpu'],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      return new OnnxSession(runtime, session, fitted);
    } catch (cause) {
      throw errors.invalid('ONNX.REJECTED', `ONNX Runtime rejects the model: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /** Scores a table; a missing boolean, which ONNX cannot say, is refused by the caller before. */
  async run(table: Table): Promise<RuntimeAnswer> {
    const feeds: Record<string, Tensor> = {};
    for (const { name } of this.fitted.inputs) {
      feeds[name] = tensorOf(
        this.runtime,
        table.columns.find((column) => column.name === name)!,
        table.rows,
      );
    }
    const answer = await this.session.run(feeds);
    const { label, probability, prediction } = answer;
    if (label === undefined) return { predictions: doubles(prediction), labels: [] };
    return { predictions: doubles(probability), labels: label.data as unknown as string[] };
  }

  /** Frees the native memory. */
  async close(): Promise<void> {
    await this.session.release();
  }
}

function tensorOf({ Tensor: OnnxTensor }: Runtime, column: Column, rows: number): Tensor {
  const dims = [rows, 1];
  switch (column.kind) {
    case 'categorical': {
      const texts = Array.from(column.codes, (code) => (code < 0 ? '' : column.categories[code]!));
      return new OnnxTensor('string', texts, dims);
    }
    case 'boolean':
      return new OnnxTensor('bool', column.values, dims);
    case 'numeric':
    case 'time':
      return new OnnxTensor('float64', column.values, dims);
  }
}

function doubles(tensor: InferenceSession.OnnxValueMapType[string] | undefined): Float64Array {
  if (tensor?.type === 'float64') return tensor.data as Float64Array;
  throw errors.invalid('ONNX.REJECTED', 'The model has not the outputs of a model that Steward wrote.');
}
