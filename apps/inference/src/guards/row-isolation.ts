import { readIsolationFile, type IsolationLevel, type IsolationScorer } from '@steward/onnx';
import { errors } from '@steward/kernel';
import type { InputColumn } from '../engines/engine';

/** Finds rows that stand apart as a whole from those that a version was trained on. */
export class RowIsolation {
  private constructor(
    private readonly forest: IsolationScorer,
    /** Where the forest's inputs stand among the model's. */
    private readonly places: readonly number[],
  ) {}

  /** Throws an AppError where the file is damaged, or is of other inputs than the model's. */
  static from(
    file: Uint8Array,
    inputs: readonly { readonly name: string; readonly kind: string }[],
  ): RowIsolation {
    const forest = readIsolationFile(file);
    const places = forest.scorer.inputs.map((wanted) =>
      inputs.findIndex(({ name, kind }) => name === wanted.name && kind === wanted.kind),
    );
    if (places.includes(-1))
      throw errors.invalid(
        'INFERENCE.ISOLATION_OTHER_INPUTS',
        'The isolation forest judges other inputs than the model has.',
      );
    return new RowIsolation(forest, places);
  }

  /** The rows whose score passes that of the share `level` of the training rows, in their order. */
  isolated(inputs: readonly InputColumn[], rows: number, level: IsolationLevel): number[] {
    const scores = new Float64Array(rows);
    const columns = this.places.map((place) => inputs[place]!.values);
    this.forest.scorer.scoreBatch(columns, rows, scores);
    const threshold = this.forest.threshold(level);
    const found: number[] = [];
    for (let row = 0; row < rows; row++) if (scores[row]! > threshold) found.push(row);
    return found;
  }
}

/** Why a version's rows can or cannot be judged as a whole. */
export type IsolationState = 'known' | 'imported' | 'not_kept' | 'unreadable';

/** `not_kept`: it was trained before forests were kept, or none of its inputs can be judged so. */
export function isolationState({
  isolation,
  descriptor,
}: {
  readonly isolation?: RowIsolation | null;
  readonly descriptor: { readonly isolationDigest?: string | undefined; readonly graph?: unknown };
}): IsolationState {
  if (isolation) return 'known';
  if (descriptor.isolationDigest !== undefined) return 'unreadable';
  return descriptor.graph === undefined ? 'not_kept' : 'imported';
}
