import { goesLeft } from '../trees/evaluate-trees';
import type { TreeEnsemble } from '../trees/tree-ensemble';

/**
 * Exact path-dependent TreeSHAP (Lundberg, Erion, Lee 2018, algorithm 2): the contribution of each feature to the
 * score of a dense row, with the training rows' covers as the distribution. Reusable: it keeps its scratch.
 */
export class PathShap {
  private readonly feature: Int32Array;
  private readonly zero: Float64Array;
  private readonly one: Float64Array;
  private readonly weight: Float64Array;
  /** 1 / k: divisions would take most of the time. */
  private readonly inverse: Float64Array;
  private row = new Float64Array(0);
  private out = new Float64Array(0);
  private output = 0;
  private readonly share: number;

  constructor(private readonly ensemble: TreeEnsemble) {
    const depth = Math.max(0, ...Array.from(ensemble.roots, (root) => depthOf(ensemble, root))) + 2;
    const size = (depth * (depth + 3)) / 2 + depth;
    this.feature = new Int32Array(size);
    this.zero = new Float64Array(size);
    this.one = new Float64Array(size);
    this.weight = new Float64Array(size);
    this.inverse = new Float64Array(depth + 2).map((_, k) => 1 / k);
    this.share = ensemble.aggregate === 'mean' ? 1 / Math.max(1, ensemble.roots.length) : 1;
  }

  /** Adds the contributions of a row's features to `out`, output after output, `features` numbers each. */
  explain(row: Float64Array, out: Float64Array): void {
    this.row = row as Float64Array<ArrayBuffer>;
    this.out = out as Float64Array<ArrayBuffer>;
    const { roots, treeOutput } = this.ensemble;
    for (let t = 0; t < roots.length; t++) {
      this.output = treeOutput[t]!;
      this.descend(roots[t]!, 0, 0, 1, 1, -1);
    }
  }

  /** Visits a node whose path of `depth` features starts at `start` of the scratch, extended by one step. */
  private descend(node: number, start: number, depth: number, zero: number, one: number, by: number): void {
    // No training row came here and the row does not go here: nothing below counts.
    if (zero === 0 && one === 0) return;
    this.extend(start, depth, zero, one, by);
    const { left, right, feature, cover } = this.ensemble;
    if (left[node]! < 0) {
      this.leaf(node, start, depth);
      return;
    }
    const own = feature[node]!;
    const toLeft = goesLeft(this.ensemble, node, this.row[own]!);
    const hot = toLeft ? left[node]! : right[node]!;
    const cold = toLeft ? right[node]! : left[node]!;
    let length = depth;
    let inZero = 1;
    let inOne = 1;
    for (let i = 1; i <= depth; i++) {
      if (this.feature[start + i] !== own) continue;
      inZero = this.zero[start + i]!;
      inOne = this.one[start + i]!;
      this.unwind(start, depth, i);
      length = depth - 1;
      break;
    }
    const next = start + length + 1;
    const share = cover[node]! > 0 ? cover[hot]! / cover[node]! : 0.5;
    this.copy(start, next, length);
    this.descend(hot, next, length + 1, inZero * share, inOne, own);
    const rest = cover[node]! > 0 ? cover[cold]! / cover[node]! : 0.5;
    this.copy(start, next, length);
    this.descend(cold, next, length + 1, inZero * rest, 0, own);
  }

  private copy(from: number, to: number, length: number): void {
    for (let i = 0; i <= length; i++) {
      this.feature[to + i] = this.feature[from + i]!;
      this.zero[to + i] = this.zero[from + i]!;
      this.one[to + i] = this.one[from + i]!;
      this.weight[to + i] = this.weight[from + i]!;
    }
  }

  private extend(start: number, depth: number, zero: number, one: number, by: number): void {
    const { weight } = this;
    this.feature[start + depth] = by;
    this.zero[start + depth] = zero;
    this.one[start + depth] = one;
    weight[start + depth] = depth === 0 ? 1 : 0;
    const unit = this.inverse[depth + 1]!;
    for (let i = depth - 1; i >= 0; i--) {
      const own = weight[start + i]! * unit;
      weight[start + i + 1]! += one * own * (i + 1);
      weight[start + i] = zero * own * (depth - i);
    }
  }

  private unwind(start: number, depth: number, which: number): void {
    const { weight } = this;
    const one = this.one[start + which]!;
    const zero = this.zero[start + which]!;
    let next = weight[start + depth]!;
    for (let i = depth - 1; i >= 0; i--) {
      const at = start + i;
      if (one !== 0) {
        const kept = weight[at]!;
        weight[at] = (next * (depth + 1)) / ((i + 1) * one);
        next = kept - (weight[at] * zero * (depth - i)) / (depth + 1);
      } else {
        weight[at] = (weight[at]! * (depth + 1)) / (zero * (depth - i));
      }
    }
    for (let i = which; i < depth; i++) {
      this.feature[start + i] = this.feature[start + i + 1]!;
      this.zero[start + i] = this.zero[start + i + 1]!;
      this.one[start + i] = this.one[start + i + 1]!;
    }
  }

  private leaf(node: number, start: number, depth: number): void {
    const { features, outputs, leafValues } = this.ensemble;
    let against = NaN;
    for (let i = 1; i <= depth; i++) {
      const at = start + i;
      let w = this.share;
      if (this.one[at] === 0) {
        // The same for all features that lead the row elsewhere (Yang 2021, Fast TreeSHAP).
        if (Number.isNaN(against)) against = -this.coldSum(start, depth);
        w *= against;
      } else w *= this.unwoundSum(start, depth, i) * (1 - this.zero[at]!);
      const feature = this.feature[at]!;
      if (this.output >= 0) this.out[this.output * features + feature]! += w * leafValues[node]!;
      else {
        for (let k = 0; k < outputs; k++)
          this.out[k * features + feature]! += w * leafValues[node * outputs + k]!;
      }
    }
  }

  /** The sum of path weights as if a feature with one-share 0 were not on the path, times its zero-share. */
  private coldSum(start: number, depth: number): number {
    const { weight, inverse } = this;
    let sum = 0;
    for (let i = depth - 1; i >= 0; i--) sum += weight[start + i]! * inverse[depth - i]!;
    return sum * (depth + 1);
  }

  /** The sum of path weights as if feature `which`, whose one-share is 1, were not on the path. */
  private unwoundSum(start: number, depth: number, which: number): number {
    const { weight, inverse } = this;
    const zero = this.zero[start + which]!;
    let sum = 0;
    let next = weight[start + depth]!;
    for (let i = depth - 1; i >= 0; i--) {
      const part = next * inverse[i + 1]!;
      sum += part;
      next = weight[start + i]! - part * zero * (depth - i);
    }
    return sum * (depth + 1);
  }
}

/** The expected score of each output over the training rows, by covers: what contributions start from. */
export function expectedScores(ensemble: TreeEnsemble): Float64Array {
  const { outputs, roots, treeOutput, left, right, cover, leafValues } = ensemble;
  const out = new Float64Array(outputs);
  const visit = (node: number, share: number, output: number): void => {
    if (left[node]! < 0) {
      if (output >= 0) out[output]! += share * leafValues[node]!;
      else for (let k = 0; k < outputs; k++) out[k]! += share * leafValues[node * outputs + k]!;
      return;
    }
    for (const child of [left[node]!, right[node]!]) {
      visit(child, share * (cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5), output);
    }
  };
  const share = ensemble.aggregate === 'mean' ? 1 / Math.max(1, roots.length) : 1;
  roots.forEach((root, t) => visit(root, share, treeOutput[t]!));
  return out.map((value, k) => value + ensemble.base[k]!);
}

function depthOf(ensemble: TreeEnsemble, node: number): number {
  if (ensemble.left[node]! < 0) return 0;
  return 1 + Math.max(depthOf(ensemble, ensemble.left[node]!), depthOf(ensemble, ensemble.right[node]!));
}
