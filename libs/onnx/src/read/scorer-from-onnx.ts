import { compileScorer } from '../scorer/compile-scorer';
import type { Scorer } from '../scorer/scorer';
import { pipelineFromOnnx } from './pipeline-from-onnx';
import { readPlainEnsemble } from './read-plain-ensemble';

/** A scorer that was built from an ONNX file. */
export interface OnnxScorer extends Scorer {
  /** The file's metadata_props. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * For a model that takes all features as one tensor [N, features]: its name and type. Such a scorer's inputs are
   * called `NAME[0]`, `NAME[1]`, ... null for the models that Steward wrote, which take each column by its name.
   */
  readonly tensorInput: { readonly name: string; readonly type: 'float' | 'double' } | null;
}

/**
 * Builds a scorer from ONNX bytes: from any file that `writeOnnx` wrote (trees and linear models with their
 * preprocessing; equal to the learner's predictions bit for bit), and from a graph of a single TreeEnsembleRegressor
 * or TreeEnsembleClassifier (ai.onnx.ml 1 to 3) over one float or double tensor.
 *
 * Returns null for every graph that is not understood as a whole, to the last attribute, and for bytes that are no
 * ONNX file: run those with ONNX Runtime, which says what is wrong with them.
 */
export function scorerFromOnnx(bytes: Uint8Array): OnnxScorer | null {
  const own = pipelineFromOnnx(bytes);
  if (own !== null)
    return Object.assign(compileScorer(own.fitted), { metadata: own.metadata, tensorInput: null });
  const plain = readPlainEnsemble(bytes);
  if (plain === null) return null;
  const { fitted, metadata, tensorInput } = plain;
  return Object.assign(compileScorer(fitted), { metadata, tensorInput });
}
