import type { BinnedData } from '../binning/binned-data';
import { type GrowthParameters, slotsOf } from '../boosting/growth-parameters';
import type { GrownLeaf, GrownNode } from '../boosting/grown-tree';
import { createWasmKernel } from '../boosting/kernel/wasm-kernel';
import { SplitFinder } from '../boosting/split-finder';
import { TreeGrower } from '../boosting/tree-grower';
import { createTrainingMemory, type TrainingMemory } from '../boosting/training-memory';
import { type FitControl, report } from '../learner/progress';
import { deriveSeed, Random } from '../random/random';
import type { ForestParameters } from './forest-parameters';
import { RandomCutFinder, SampledFinder } from './sampling-finders';

/** What a training of a forest needs beside the binned rows. */
export interface ForestOptions extends FitControl {
  /** Binary 0/1 or real values: leaves hold their mean, splits reduce their variance (Gini for 0/1). Or class codes. */
  readonly values: Float64Array;
  /** Number of classes that `values` are codes of; 0 where they are values. */
  readonly classes: number;
  readonly weights?: Float64Array;
  readonly params: ForestParameters;
  readonly cuts: 'best' | 'random';
  readonly featuresPerSplit: number;
  readonly seed: number;
  /** Number of the first tree. Default 0. */
  readonly firstTree?: number;
}

/** A tree of a forest. */
export interface ForestTree {
  readonly nodes: GrownNode[];
  /** With classes: the share of each among the rows of a leaf, [nodes, classes]; else empty. */
  readonly shares: Float64Array;
}

/**
 * Grows the trees of a forest. Each is seeded by its number alone, so that any part of a forest can be grown apart.
 *
 * With more than two classes each tree draws a number for every class, from the normal distribution, and reduces the
 * variance of these; leaves hold the shares of the classes. Such random projections of the outputs cost little over
 * many trees (Joly, Geurts, Wehenkel 2014) and need one histogram a node instead of one for each class.
 */
export function trainForest(data: BinnedData, options: ForestOptions): ForestTree[] {
  const growth = growthOf(options.params);
  const memory = createTrainingMemory(data, 1, slotsOf(growth, data.rows), createWasmKernel);
  const best = new SplitFinder(memory, data.mappers, growth);
  const finder =
    options.cuts === 'best'
      ? new SampledFinder(best, options.featuresPerSplit)
      : new RandomCutFinder(memory, data.mappers, growth, options.featuresPerSplit);
  const grower = new TreeGrower(memory, data.rows, data.mappers, growth, memory.weightView, finder);
  const features = new Int32Array(data.mappers.length).map((_, i) => i);
  const trees: ForestTree[] = [];
  for (let t = 0; t < options.params.trees; t++) {
    const random = new Random(deriveSeed(options.seed, (options.firstTree ?? 0) + t));
    finder.random = random;
    const values = projected(options, random);
    const count = drawRows(memory, data.rows, { ...options, values }, random);
    const { nodes, leaves } = grower.grow(count, features);
    trees.push({ nodes, shares: leafShares(memory, options, nodes.length, leaves) });
    report(options, { done: t + 1, total: options.params.trees });
  }
  return trees;
}

function projected({ values, classes }: ForestOptions, random: Random): Float64Array {
  if (classes === 0) return values;
  const numbers = Float64Array.from({ length: classes }, () => random.normal());
  return values.map((code) => numbers[code]!);
}

function leafShares(
  { rowView, weightView }: TrainingMemory,
  { values, classes }: ForestOptions,
  nodes: number,
  leaves: readonly GrownLeaf[],
): Float64Array {
  const shares = new Float64Array(nodes * classes);
  if (classes === 0) return shares;
  for (const { node, start, count } of leaves) {
    let sum = 0;
    for (const row of rowView.subarray(start, start + count)) {
      shares[node * classes + values[row]!]! += weightView[row]!;
      sum += weightView[row]!;
    }
    for (let k = 0; k < classes; k++) shares[node * classes + k]! /= sum;
  }
  return shares;
}

/** Writes rows, weights and gradient pairs (-weight x value, weight) of a bootstrap; returns its number of rows. */
function drawRows(memory: TrainingMemory, rows: number, options: ForestOptions, random: Random): number {
  const { weightView, gradientView, rowView } = memory;
  const { weights, values } = options;
  if (options.params.bootstrap) {
    weightView.fill(0);
    for (let i = 0; i < rows; i++) weightView[random.below(rows)]! += 1;
  } else weightView.fill(1);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if (weights) weightView[i]! *= weights[i]!;
    const weight = weightView[i]!;
    gradientView[2 * i] = -weight * values[i]!;
    gradientView[2 * i + 1] = weight;
    if (weight > 0) rowView[count++] = i;
  }
  return count;
}

function growthOf(params: ForestParameters): GrowthParameters {
  return {
    ...params,
    growth: 'smallest',
    minChildWeight: 0,
    l1: 0,
    l2: 0,
    minGain: 0,
    categorySmoothing: 1,
    categoryL2: 0,
    maxCategoriesLeft: 255,
    monotone: null,
  };
}
