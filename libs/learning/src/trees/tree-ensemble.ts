/**
 * A fitted ensemble of decision trees over a dense numeric row of `features` doubles (NaN = missing), in
 * struct-of-arrays form. What SHAP, the ONNX writer and the compiled scorer all read.
 *
 * Node i of the whole ensemble: if `left[i] < 0` it is a leaf with value(s) `leafValues[i * outputs ... + outputs)`.
 * Otherwise it goes left when the row's value v of `feature[i]` satisfies
 *   - missing (NaN): `missingLeft[i] === 1`
 *   - numeric split (`categoryOffset[i] < 0`): `v <= threshold[i]` (doubles)
 *   - categorical split: v (a category code) is in the bit set `categoryBits` at `categoryOffset[i]`, whose first
 *     word is its length in words; codes outside the set's range go right.
 */
export interface TreeEnsemble {
  readonly features: number;
  /** Scores per row before the link: 1 for binary, regression and ranking; the number of classes for softmax. */
  readonly outputs: number;
  /** Added to each output before trees. Length = outputs. */
  readonly base: Float64Array;
  /** Index of the root node of each tree. */
  readonly roots: Int32Array;
  /** Which output a tree adds to, or -1 when its leaves hold all outputs (forests). Length = trees. */
  readonly treeOutput: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly categoryOffset: Int32Array;
  readonly categoryBits: Uint32Array;
  /** One value per node (boosting), or `outputs` per node when treeOutput is -1. */
  readonly leafValues: Float64Array;
  /** Sum of hessians or weights of the training rows that reached each node: SHAP needs it. */
  readonly cover: Float64Array;
  /** 'sum' for boosting, 'mean' for forests. */
  readonly aggregate: 'sum' | 'mean';
  /** How scores become predictions. */
  readonly link: 'identity' | 'logistic' | 'softmax' | 'exp';
}
