import type { DatePart, FittedEncoder, FittedPipeline, Table, TreeEnsemble } from '@steward/learning';

import { inCategorySet } from '../pipeline/category-sets';
import { predictionWidth } from '../pipeline/feature-layout';

/** The oracle of the tests: each step written down as the types' doc comments define it, without any speed. */
export function plainPredict(fitted: FittedPipeline, table: Table): Float64Array {
  const width = predictionWidth(fitted);
  const out = new Float64Array(table.rows * width);
  for (let row = 0; row < table.rows; row++)
    out.set(plainLink(fitted, plainScores(fitted, plainDense(fitted, table, row))), row * width);
  return out;
}

export function plainDense(fitted: FittedPipeline, table: Table, row: number): number[] {
  return fitted.encoders.flatMap((encoder) => plainEncode(encoder, cell(table, encoder.input, row)));
}

function cell(table: Table, name: string, row: number): number | string | null {
  const column = table.columns.find((each) => each.name === name)!;
  if (column.kind === 'categorical')
    return column.codes[row]! < 0 ? null : column.categories[column.codes[row]!]!;
  if (column.kind === 'boolean') return column.values[row] === 255 ? NaN : column.values[row]!;
  return column.values[row]!;
}

function plainEncode(encoder: FittedEncoder, value: number | string | null): number[] {
  if (encoder.kind === 'number') {
    const [low, high] = encoder.clip ?? [-Infinity, Infinity];
    const clipped = Math.min(high, Math.max(low, value as number));
    const filled = Number.isNaN(value) && encoder.fill !== null ? encoder.fill : clipped;
    return [(filled - encoder.center) / encoder.scale];
  }
  if (encoder.kind === 'bins') {
    const bin = Number.isNaN(value) ? NaN : encoder.edges.filter((edge) => (value as number) >= edge).length;
    return encoder.output === 'index'
      ? [bin]
      : Array.from({ length: encoder.width }, (_, i) => (i === bin ? 1 : 0));
  }
  if (encoder.kind === 'date-parts') {
    const time = Number.isNaN(value) ? (encoder.fill ?? NaN) : (value as number);
    return encoder.parts.map((part) => plainDatePart(part, new Date(Math.floor(time))));
  }
  const index = value === null ? -1 : encoder.categories.indexOf(value as string);
  switch (encoder.kind) {
    case 'hashing': {
      const bucket = value === null ? -1 : (encoder.buckets[index] ?? encoder.unknown);
      return Array.from({ length: encoder.width }, (_, i) => (i === bucket ? 1 : 0));
    }
    case 'one-hot': {
      const on = value === null ? encoder.missing : index;
      return encoder.categories.map((_, i) => (i === on ? 1 : 0));
    }
    case 'ordinal':
      return [value === null ? NaN : index < 0 ? encoder.unknown : index];
    case 'lookup':
      return [value === null ? encoder.missing : index < 0 ? encoder.unknown : encoder.values[index]!];
  }
}

function plainDatePart(part: DatePart, date: Date): number {
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'weekday':
      return (date.getUTCDay() + 6) % 7;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
  }
}

export function plainScores(fitted: FittedPipeline, row: readonly number[]): number[] {
  if (fitted.predictor.kind === 'linear') {
    const { outputs, features, weights, intercepts } = fitted.predictor.model;
    return Array.from(
      { length: outputs },
      (_, k) => row.reduce((sum, x, j) => sum + weights[k * features + j]! * x, 0) + intercepts[k]!,
    );
  }
  if (fitted.predictor.kind === 'mlp') {
    const { layers } = fitted.predictor.model;
    return layers.reduce<number[]>(
      (from, { inputs, outputs, weights, biases }, i) => {
        const sums = Array.from(
          { length: outputs },
          (_, k) => from.reduce((sum, x, j) => sum + weights[k * inputs + j]! * x, 0) + biases[k]!,
        );
        return i < layers.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums;
      },
      [...row],
    );
  }
  const { ensemble } = fitted.predictor;
  const { outputs, base, roots, treeOutput, leafValues, aggregate } = ensemble;
  const sums = Array<number>(outputs).fill(0);
  roots.forEach((root, tree) => {
    const leaf = plainLeaf(ensemble, root, row);
    const output = treeOutput[tree]!;
    if (output >= 0) sums[output]! += leafValues[leaf]!;
    else for (let k = 0; k < outputs; k++) sums[k]! += leafValues[leaf * outputs + k]!;
  });
  const share = aggregate === 'mean' ? 1 / Math.max(1, roots.length) : 1;
  return sums.map((sum, k) => base[k]! + sum * share);
}

function plainLeaf(ensemble: TreeEnsemble, root: number, row: readonly number[]): number {
  const { left, right, feature, threshold, missingLeft, categoryOffset, categoryBits } = ensemble;
  let node = root;
  while (left[node]! >= 0) {
    const value = row[feature[node]!]!;
    const goesLeft = Number.isNaN(value)
      ? missingLeft[node] === 1
      : categoryOffset[node]! < 0
        ? value <= threshold[node]!
        : inCategorySet(categoryBits, categoryOffset[node]!, value);
    node = goesLeft ? left[node]! : right[node]!;
  }
  return node;
}

function plainLink(fitted: FittedPipeline, scores: number[]): number[] {
  const { predictor } = fitted;
  const link = predictor.kind === 'trees' ? predictor.ensemble.link : predictor.model.link;
  let result = scores;
  if (link === 'exp') result = scores.map(Math.exp);
  if (link === 'logistic') result = scores.map((s) => 1 / (1 + Math.exp(-s)));
  if (link === 'softmax') {
    const most = Math.max(...scores);
    const powers = scores.map((s) => Math.exp(s - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    result = powers.map((p) => p / sum);
  }
  return fitted.classes.length === 2 && result.length === 1 ? [1 - result[0]!, result[0]!] : result;
}
