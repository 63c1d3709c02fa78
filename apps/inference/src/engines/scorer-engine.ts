import { onnxScorer, type OnnxScorer, type ScorablePipeline, type Scorer } from '@steward/onnx';
import type { Engine, EngineModel, InputColumn } from './engine';

/** The compiled scorer: a row takes about a microsecond on the calling thread. */
export class ScorerEngine implements Engine {
  readonly kind = 'scorer';

  private constructor(private readonly scorer: Scorer) {}

  /** Null where the scorer would answer another question than the model declares. */
  static from(pipeline: ScorablePipeline, model: EngineModel): ScorerEngine | null {
    const scorer = onnxScorer(pipeline);
    return fits(scorer, model) ? new ScorerEngine(scorer) : null;
  }

  score(columns: readonly InputColumn[], rows: number): Float64Array {
    const out = new Float64Array(rows * this.scorer.width);
    this.scorer.scoreBatch(
      columns.map(({ values }) => values),
      rows,
      out,
    );
    return out;
  }

  scorePlain(values: Float64Array, rows: number): Float64Array {
    const out = new Float64Array(rows * this.scorer.width);
    if (rows === 1) this.scorer.scoreRow(values, out);
    else this.scorer.scoreRows(values, rows, out);
    return out;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function fits(scorer: OnnxScorer, { inputs, classes, graph }: EngineModel): boolean {
  if (scorer.tensorInput === null) {
    const signature = (of: readonly { name: string; kind: string }[]): string =>
      of.map(({ name, kind }) => `${name}:${kind}`).join(',');
    // Steward's own files name what they take and answer; an imported one may be read as declared columns too.
    return (
      signature(scorer.inputs) === signature(inputs) &&
      scorer.classes.join('\n') === classes.join('\n') &&
      (graph === undefined || (graph.feed === 'columns' && graph.output === 'probability'))
    );
  }
  return (
    graph?.feed === 'tensor' &&
    graph.form === 'probabilities' &&
    scorer.inputs.length === inputs.length &&
    inputs.every(({ kind }) => kind !== 'categorical') &&
    scorer.width === classes.length
  );
}
