import type { ModelDescriptor } from '@steward/contracts';

/** One input column of a request: numbers (NaN: missing) or texts (null: missing). */
export type InputColumn =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] };

/** A loaded model. */
export interface Engine {
  /** What computes: the compiled scorer on the calling thread, or ONNX Runtime. */
  readonly kind: 'scorer' | 'onnxruntime';
  /**
   * Probability of each class, row-major [rows, classes]; columns in the order of the descriptor's inputs. The compiled
   * scorer answers at once; other engines give a promise. Await only what is a promise: an await costs a turn of the
   * microtask queue for each request. Rejects or throws an AppError.
   *
   * @param deadline when the caller stops waiting, milliseconds since the epoch; default: never
   */
  score(
    columns: readonly InputColumn[],
    rows: number,
    deadline?: number,
  ): Float64Array | Promise<Float64Array>;
  /** The same of numbers row by row, row-major [rows, inputs], for engines that answer at once. */
  scorePlain?(values: Float64Array, rows: number): Float64Array;
  /** Frees what the engine holds beside its own memory, once the calls under way have ended. */
  close(): Promise<void>;
}

/** What an engine is held to: the model's declared inputs and classes, and the layout of an imported graph. */
export type EngineModel = Pick<ModelDescriptor, 'model' | 'digest' | 'inputs' | 'classes' | 'graph'>;

/** Makes an engine from ONNX bytes. Throws an AppError if the file is broken or does not fit the descriptor. */
export abstract class EngineFactory {
  abstract load(onnx: Uint8Array, model: EngineModel): Promise<Engine>;
}
