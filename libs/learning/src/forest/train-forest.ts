import type { BinnedData } from '../binning/binned-data';
import { type GrowthParameters, slotsOf } from '../boosting/growth-parameters';
import type { GrownNode } from '../boosting/grown-tree';
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
  /** Binary 0/1 or real values: leaves hold their mean, splits reduce their variance (Gini for 0/1). */
  readonly values: Float64Array;
  readonly weights?: Float64Array;
  readonly params: ForestParameters;
  readonly cuts: 'best' | 'random';
  readonly featuresPerSplit: number;
  readonly seed: number;
  /** Number of the first tree. Default 0. */
  readonly firstTree?: number;
}

/** Grows the trees of a forest. Each is seeded by its number alone, so that any part of a forest can be grown apart. */
export function trainForest(data: BinnedData, options: ForestOptions): GrownNode[][] {
  const growth = growthOf(options.params);
  const memory = createTrainingMemory(data, 1, slotsOf(growth, data.rows), createWasmKernel);
  const best = new SplitFinder(memory, data.mappers, growth);
  const finder =
    options.cuts === 'best'
      ? new SampledFinder(best, options.featuresPerSplit)
      : new RandomCutFinder(memory, data.mappers, growth, options.featuresPerSplit);
  const grower = new TreeGrower(memory, data.rows, data.mappers, growth, memory.weightView, finder);
  const features = new Int32Array(data.mappers.length).map((_, i) => i);
  const trees: GrownNode[][] = [];
  for (let t = 0; t < options.params.trees; t++) {
    const random = new Random(deriveSeed(options.seed, (options.firstTree ?? 0) + t));
    finder.random = random;
    const count = drawRows(memory, data.rows, options, random);
    trees.push(grower.grow(count, features).nodes);
    report(options, { done: t + 1, total: options.params.trees });
  }
  return trees;
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
