import { goesLeft } from '../trees/evaluate-trees';
import type { TreeEnsemble } from '../trees/tree-ensemble';

/**
 * Exact interventional TreeSHAP (Lundberg et al. 2020): the mean over background rows of the Shapley values of the
 * game in which features outside the coalition take the background row's values. Exact for any tree ensemble.
 */
export class InterventionalShap {
  /** 1: the path needs the row's value of the feature, 2: the background's. */
  private readonly side: Uint8Array;
  private readonly path: number[] = [];
  private readonly share: number;

  constructor(
    private readonly ensemble: TreeEnsemble,
    /** Dense background rows, row-major. */
    private readonly background: Float64Array,
    private readonly rows: number,
  ) {
    this.side = new Uint8Array(ensemble.features);
    this.share = (ensemble.aggregate === 'mean' ? 1 / Math.max(1, ensemble.roots.length) : 1) / rows;
  }

  /** Adds the contributions of a row's features to `out`, output after output, `features` numbers each. */
  explain(row: Float64Array, out: Float64Array): void {
    const { roots, treeOutput, features } = this.ensemble;
    for (let b = 0; b < this.rows; b++) {
      const other = this.background.subarray(b * features, (b + 1) * features);
      roots.forEach((root, t) => this.descend(root, row, other, 0, 0, treeOutput[t]!, out));
    }
  }

  private descend(
    node: number,
    row: Float64Array,
    other: Float64Array,
    own: number,
    theirs: number,
    output: number,
    out: Float64Array,
  ): void {
    const { left, right, feature } = this.ensemble;
    if (left[node]! < 0) {
      this.leaf(node, own, theirs, output, out);
      return;
    }
    const by = feature[node]!;
    const mine = goesLeft(this.ensemble, node, row[by]!) ? left[node]! : right[node]!;
    const his = goesLeft(this.ensemble, node, other[by]!) ? left[node]! : right[node]!;
    const side = this.side[by]!;
    if (mine === his || side === 1) this.descend(mine, row, other, own, theirs, output, out);
    else if (side === 2) this.descend(his, row, other, own, theirs, output, out);
    else {
      this.path.push(by);
      this.side[by] = 1;
      this.descend(mine, row, other, own + 1, theirs, output, out);
      this.side[by] = 2;
      this.descend(his, row, other, own, theirs + 1, output, out);
      this.side[by] = 0;
      this.path.pop();
    }
  }

  private leaf(node: number, own: number, theirs: number, output: number, out: Float64Array): void {
    const { outputs, features, leafValues } = this.ensemble;
    for (const feature of this.path) {
      const mine = this.side[feature] === 1;
      const w = (mine ? shapleyWeight(own, theirs) : -shapleyWeight(theirs, own)) * this.share;
      if (output >= 0) out[output * features + feature]! += w * leafValues[node]!;
      else
        for (let k = 0; k < outputs; k++) out[k * features + feature]! += w * leafValues[node * outputs + k]!;
    }
  }
}

/** (a - 1)! b! / (a + b)! for a >= 1: 1 / (a C(a + b, a)). */
function shapleyWeight(a: number, b: number): number {
  let binomial = 1;
  for (let i = 1; i <= b; i++) binomial = (binomial * (a + i)) / i;
  return 1 / (a * binomial);
}
