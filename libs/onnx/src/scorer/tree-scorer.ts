import type { TreeEnsemble } from '@steward/learning';

import { LANES, type LeafFinder } from './leaf-finder';
import { LinkedTrees } from './linked-trees';
import { PaddedTrees } from './padded-trees';
import type { ScorePredictor } from './score-predictor';
import { WorkRowPlan, type WorkRow } from './work-row';

/** Padding doubles with each level; past this depth it costs more in memory traffic than it saves in branches. */
const DEEPEST_PADDED = 8;

/**
 * The scores of a tree ensemble, bit for bit as the plain walk of libs/learning computes them: the leaves are summed
 * from 0 in the order of the trees, the sum is multiplied by 1 / trees where the aggregate is 'mean', and added to
 * the base.
 */
export class TreeScorer implements ScorePredictor {
  private readonly work: WorkRow;
  private readonly finder: LeafFinder;
  private readonly groups: number;
  private readonly trees: number;
  private readonly stride: number;
  private readonly share: number;

  constructor(private readonly ensemble: TreeEnsemble) {
    this.trees = ensemble.roots.length;
    this.groups = Math.ceil(this.trees / LANES);
    const plan = new WorkRowPlan(ensemble);
    const depths = Array.from(ensemble.roots, (root) => treeDepth(ensemble, root));
    this.stride = leafStride(ensemble);
    this.share = ensemble.aggregate === 'mean' ? 1 / Math.max(1, this.trees) : 1;
    const shallow = Math.max(0, ...depths) <= DEEPEST_PADDED;
    this.finder = new (shallow ? PaddedTrees : LinkedTrees)(ensemble, plan, this.stride, depths);
    this.work = plan.build();
  }

  scores(dense: Float64Array, at: number, out: Float64Array, outAt: number): void {
    this.work.fill(dense, at);
    const { outputs, base } = this.ensemble;
    if (outputs === 1) {
      out[outAt] = base[0]! + this.single() * this.share;
      return;
    }
    for (let k = 0; k < outputs; k++) out[outAt + k] = 0;
    if (this.stride === 1) this.addScalars(out, outAt);
    else this.addVectors(out, outAt);
    for (let k = 0; k < outputs; k++) out[outAt + k] = base[k]! + out[outAt + k]! * this.share;
  }

  private single(): number {
    const { finder, groups, trees } = this;
    const { found, leafValues } = finder;
    const work = this.work.values;
    let sum = 0;
    const full = trees % LANES === 0 ? groups : groups - 1;
    for (let group = 0; group < full; group++) {
      finder.find(group, work);
      sum += leafValues[found[0]!]!;
      sum += leafValues[found[1]!]!;
      sum += leafValues[found[2]!]!;
      sum += leafValues[found[3]!]!;
    }
    if (full === groups) return sum;
    finder.find(full, work);
    for (let lane = 0; lane < trees % LANES; lane++) sum += leafValues[found[lane]!]!;
    return sum;
  }

  private addScalars(out: Float64Array, outAt: number): void {
    const { finder, groups, trees } = this;
    const { treeOutput } = this.ensemble;
    for (let group = 0; group < groups; group++) {
      finder.find(group, this.work.values);
      const first = group * LANES;
      const lanes = Math.min(LANES, trees - first);
      for (let lane = 0; lane < lanes; lane++) {
        const at = outAt + treeOutput[first + lane]!;
        out[at] = out[at]! + finder.leafValues[finder.found[lane]!]!;
      }
    }
  }

  private addVectors(out: Float64Array, outAt: number): void {
    const { finder, groups, trees } = this;
    const { outputs } = this.ensemble;
    for (let group = 0; group < groups; group++) {
      finder.find(group, this.work.values);
      const lanes = Math.min(LANES, trees - group * LANES);
      for (let lane = 0; lane < lanes; lane++) {
        const first = finder.found[lane]! * outputs;
        for (let k = 0; k < outputs; k++) out[outAt + k] = out[outAt + k]! + finder.leafValues[first + k]!;
      }
    }
  }
}

/** Leaf values for each node: all outputs in a forest, one in boosting. */
function leafStride({ treeOutput, outputs }: TreeEnsemble): number {
  return treeOutput.length > 0 && treeOutput[0] === -1 ? outputs : 1;
}

function treeDepth({ left, right }: TreeEnsemble, root: number): number {
  let depth = 0;
  for (let level = [root]; ; depth++) {
    const below: number[] = [];
    for (const node of level) if (left[node]! >= 0) below.push(left[node]!, right[node]!);
    if (below.length === 0) return depth;
    level = below;
  }
}
