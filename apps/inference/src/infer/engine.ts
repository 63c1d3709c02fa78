/** One input column of a request: numbers (NaN: missing) or texts (null: missing). */
export type InputColumn =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] };

/** A loaded model. Scoring is synchronous: a row takes microseconds. */
export interface Engine {
  /** Probability of each class, row-major [rows, classes]; columns in the order of the descriptor's inputs. */
  score(columns: readonly InputColumn[], rows: number): Float64Array;
}

/** Makes an engine from ONNX bytes. Throws an AppError if the file is broken or does not fit the descriptor. */
export abstract class EngineFactory {
  abstract load(
    onnx: Uint8Array,
    inputs: readonly { name: string; kind: string }[],
    classes: readonly string[],
  ): Promise<Engine>;
}
