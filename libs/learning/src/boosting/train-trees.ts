import { type BinnedData } from '../binning/binned-data';
import { type FitControl, report } from '../learner/progress';
import { deriveSeed, Random } from '../random/random';
import type { Target } from '../target/target';
import { type GrowthParameters, slotsOf } from './growth-parameters';
import { checkCheckpoint, type CheckpointControl } from './boosting-checkpoint';
import type { GrownLeaf, GrownNode, GrownTree } from './grown-tree';
import type { KernelFactory } from './kernel/kernel';
import { createWasmKernel } from './kernel/wasm-kernel';
import type { Objective } from './objectives/objective';
import { Router } from './router';
import { TreeGrower } from './tree-grower';
import { createTrainingMemory, type TrainingMemory } from './training-memory';

/** What a training of boosted trees needs beside the binned rows. */
export interface TrainOptions extends FitControl, CheckpointControl {
  /** Names the run in its checkpoints. */
  readonly run?: string;
  readonly objective: Objective;
  readonly target: Target;
  readonly weights?: Float64Array;
  readonly growth: GrowthParameters;
  readonly trees: number;
  readonly learningRate: number;
  readonly rowSample: number;
  readonly columnSample: number;
  readonly seed: number;
  readonly earlyStoppingRounds: number;
  readonly validation?: {
    readonly data: BinnedData;
    readonly target: Target;
    readonly weights?: Float64Array;
  };
  readonly createKernel?: KernelFactory;
}

/** What a training yields: the base scores and the trees up to the best round. */
export interface TrainedTrees {
  readonly base: Float64Array;
  readonly trees: readonly GrownTree[];
}

/** Gradient boosting (Friedman 2001) with second-order leaves (Chen and Guestrin 2016) over histograms. */
export function trainTrees(data: BinnedData, options: TrainOptions): TrainedTrees {
  return new BoostingRun(data, options).run();
}

class BoostingRun {
  private readonly memory: TrainingMemory;
  private readonly grower: TreeGrower;
  private readonly base: Float64Array;
  private readonly trees: GrownTree[] = [];
  private readonly validation: Router | null;
  private readonly outside: Router | null;
  /** 0, 1, 2, ... */
  private readonly every: Int32Array;

  constructor(
    private readonly data: BinnedData,
    private readonly options: TrainOptions,
  ) {
    const { objective, target, weights, growth, validation } = options;
    const create = options.createKernel ?? createWasmKernel;
    this.memory = createTrainingMemory(data, objective.outputs, slotsOf(growth, data.rows), create);
    this.every = new Int32Array(data.rows).map((_, i) => i);
    this.memory.targetView.set(target.values);
    if (weights) this.memory.weightView.set(weights);
    this.grower = new TreeGrower(this.memory, data.rows, data.mappers, growth, weights ?? null);
    this.base = objective.base();
    this.base.forEach((value, k) => {
      this.memory.scoreView.fill(value, k * this.memory.stride, k * this.memory.stride + data.rows);
    });
    this.validation = validation
      ? new Router(validation.data, this.start(validation.data.rows), create)
      : null;
    this.outside =
      options.rowSample < 1
        ? new Router(data, new Float64Array(data.rows * objective.outputs), create)
        : null;
  }

  run(): TrainedTrees {
    const { trees: total, objective, earlyStoppingRounds } = this.options;
    let best = this.resumed();
    for (let round = best.next; round <= total; round++) {
      const grown = this.round(round);
      const validationLoss = this.validationLoss();
      if (validationLoss !== undefined && validationLoss < best.loss)
        best = { ...best, loss: validationLoss, round };
      this.checkpoint(round, best);
      report(this.options, { done: round, total, validationLoss });
      if (earlyStoppingRounds > 0 && this.validation && round - best.round >= earlyStoppingRounds) break;
      if (!grown && this.options.rowSample === 1 && this.options.columnSample === 1) break;
    }
    const keep =
      earlyStoppingRounds > 0 && this.validation ? best.round * objective.outputs : this.trees.length;
    return { base: this.base, trees: this.trees.slice(0, keep) };
  }

  /** Puts the trees of a checkpoint back; their scores are summed in the order of the first run, to the same bits. */
  private resumed(): { loss: number; round: number; next: number } {
    const { resume, run = '' } = this.options;
    if (!resume) return { loss: Infinity, round: 0, next: 1 };
    checkCheckpoint(resume, run);
    const { rows } = this.data;
    const { scoreView, stride } = this.memory;
    const router = new Router(this.data, this.start(rows), this.options.createKernel ?? createWasmKernel);
    for (const { nodes, output } of resume.trees) {
      router.add(nodes, output);
      this.validation?.add(nodes, output);
    }
    this.base.forEach((_, k) => scoreView.set(router.scores.subarray(k * rows, (k + 1) * rows), k * stride));
    this.trees.push(...resume.trees);
    return { loss: resume.best.loss ?? Infinity, round: resume.best.round, next: resume.rounds + 1 };
  }

  private checkpoint(rounds: number, best: { loss: number; round: number }): void {
    const { checkpointEvery = 0, onCheckpoint, run = '' } = this.options;
    if (checkpointEvery === 0 || rounds % checkpointEvery !== 0) return;
    const loss = Number.isFinite(best.loss) ? best.loss : null;
    onCheckpoint?.({ kind: 'gbm', run, rounds, best: { loss, round: best.round }, trees: [...this.trees] });
  }

  /** Grows the trees of one round; false if none of them could be split. */
  private round(round: number): boolean {
    const { objective, seed } = this.options;
    const random = new Random(deriveSeed(seed, round));
    const rows = this.drawRows(random);
    let grown = false;
    // All gradients of a round are taken before its first tree moves the scores.
    for (let output = 0; output < objective.outputs; output++) {
      objective.gradients(this.memory, output);
      this.memory.rowView.set(rows.inside);
      const { nodes, leaves } = this.grower.grow(rows.inside.length, this.drawFeatures(random));
      this.settle(nodes, leaves, output, rows.outside);
      this.trees.push({ nodes, output });
      grown ||= nodes.length > 1;
    }
    return grown;
  }

  private settle(
    nodes: GrownNode[],
    leaves: readonly GrownLeaf[],
    output: number,
    outside: Int32Array,
  ): void {
    const { kernel, rows, rowView, scores, scoreView, stride } = this.memory;
    const { objective, learningRate } = this.options;
    const own = scoreView.subarray(output * stride, output * stride + this.data.rows);
    for (const leaf of leaves) {
      const node = nodes[leaf.node]!;
      const list = rowView.subarray(leaf.start, leaf.start + leaf.count);
      if (objective.leafValue) {
        node.value = Math.min(Math.max(objective.leafValue(list, own), leaf.lower), leaf.upper);
      }
      node.value *= learningRate;
    }
    for (const leaf of leaves) {
      const value = nodes[leaf.node]!.value;
      kernel.addToRows(rows + leaf.start * 4, leaf.count, value, scores + output * stride * 8);
    }
    this.validation?.add(nodes, output);
    if (this.outside && outside.length > 0) {
      this.outside.scores.fill(0);
      this.outside.add(nodes, output, outside);
      for (const row of outside) own[row]! += this.outside.scores[output * this.data.rows + row]!;
    }
  }

  private drawRows(random: Random): { inside: Int32Array; outside: Int32Array } {
    const { rows } = this.data;
    const { rowSample } = this.options;
    if (rowSample >= 1) return { inside: this.every, outside: new Int32Array(0) };
    const inside = random.sample(Math.max(1, Math.round(rows * rowSample)), rows);
    const chosen = new Uint8Array(rows);
    for (const row of inside) chosen[row] = 1;
    return { inside, outside: this.every.filter((i) => chosen[i] === 0) };
  }

  private drawFeatures(random: Random): Int32Array {
    const features = this.data.mappers.length;
    const count = Math.max(1, Math.round(features * this.options.columnSample));
    return random.sample(Math.min(count, features), features);
  }

  private start(rows: number): Float64Array {
    const scores = new Float64Array(rows * this.base.length);
    this.base.forEach((value, k) => scores.fill(value, k * rows, (k + 1) * rows));
    return scores;
  }

  private validationLoss(): number | undefined {
    const { validation, objective } = this.options;
    if (!validation || !this.validation) return undefined;
    return objective.loss(
      this.validation.scores,
      validation.data.rows,
      validation.target,
      validation.weights,
    );
  }
}
