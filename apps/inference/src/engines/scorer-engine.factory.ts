import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { scorerFromOnnx, type Scorer } from '@steward/onnx';
import { EngineFactory, type Engine, type InputColumn } from './engine';

class ScorerEngine implements Engine {
  constructor(private readonly scorer: Scorer) {}

  score(columns: readonly InputColumn[], rows: number): Float64Array {
    const out = new Float64Array(rows * this.scorer.width);
    this.scorer.scoreBatch(
      columns.map(({ values }) => values),
      rows,
      out,
    );
    return out;
  }
}

/** The compiled scorer over the ONNX files that training writes. Refuses what it does not understand as a whole. */
@Injectable()
export class ScorerEngineFactory extends EngineFactory {
  load(
    onnx: Uint8Array,
    inputs: readonly { name: string; kind: string }[],
    classes: readonly string[],
  ): Promise<Engine> {
    const scorer = scorerFromOnnx(onnx);
    if (scorer === null) {
      return Promise.reject(
        errors.invalid(
          'INFERENCE.MODEL_NOT_UNDERSTOOD',
          'The file is no ONNX graph that the scorer understands.',
        ),
      );
    }
    const signature = (of: readonly { name: string; kind: string }[]): string =>
      of.map(({ name, kind }) => `${name}:${kind}`).join(',');
    if (signature(scorer.inputs) !== signature(inputs) || scorer.classes.join('\n') !== classes.join('\n')) {
      return Promise.reject(
        errors.invalid(
          'INFERENCE.SIGNATURE_MISMATCH',
          'The file has other inputs or classes than the model version that names it.',
        ),
      );
    }
    return Promise.resolve(new ScorerEngine(scorer));
  }
}
