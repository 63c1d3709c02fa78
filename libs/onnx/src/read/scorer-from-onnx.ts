import { compileScorer } from '../scorer/compile-scorer';
import type { Scorer } from '../scorer/scorer';
import { pipelineFromOnnx, type ReadPipeline } from './pipeline-from-onnx';
import { readPlainEnsemble } from './read-plain-ensemble';

/** What a scorer is made of. It is plain data: one thread can read it and another make the scorer. */
export interface ScorablePipeline extends ReadPipeline {
  /**
   * For a model that takes all features as one tensor [N, features]: its name and type. Such a pipeline's inputs are
   * called `NAME[0]`, `NAME[1]`, ... null for the models that Steward wrote, which take each column by its name.
   */
  readonly tensorInput: { readonly name: string; readonly type: 'float' | 'double' } | null;
}

/** A scorer that was built from an ONNX file, with the file's metadata_props. */
export type OnnxScorer = Scorer & Pick<ScorablePipeline, 'metadata' | 'tensorInput'>;

/**
 * Reads what a scorer can be made of: any file that `writeOnnx` wrote (trees and linear models with their
 * preprocessing; equal to the learner's predictions bit for bit), and a graph of a single TreeEnsembleRegressor
 * or TreeEnsembleClassifier (ai.onnx.ml 1 to 3) over one float or double tensor. 100 trees of depth 6 take
 * about 20 ms, five times as much in a process that has read none yet.
 *
 * Returns null for every graph that is not understood as a whole, to the last attribute, and for bytes that are no
 * ONNX file: run those with ONNX Runtime, which says what is wrong with them.
 */
export function scorablePipeline(bytes: Uint8Array): ScorablePipeline | null {
  const own = pipelineFromOnnx(bytes);
  return own === null ? readPlainEnsemble(bytes) : { ...own, tensorInput: null };
}

/** Makes the scorer; this is the short part. Throws an AppError ONNX.BAD_PIPELINE where the data contradicts itself. */
export function onnxScorer({ fitted, metadata, tensorInput }: ScorablePipeline): OnnxScorer {
  return Object.assign(compileScorer(fitted), { metadata, tensorInput });
}

/** Both in one: {@link scorablePipeline}, {@link onnxScorer}. */
export function scorerFromOnnx(bytes: Uint8Array): OnnxScorer | null {
  const pipeline = scorablePipeline(bytes);
  return pipeline && onnxScorer(pipeline);
}
