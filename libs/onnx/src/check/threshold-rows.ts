import type { FittedPipeline, Table, TreeEnsemble } from '@steward/learning';

import { inCategorySet } from '../pipeline/category-sets';
import { featureLayout } from '../pipeline/feature-layout';
import { nextDown, nextUp } from '../pipeline/neighbours';
import { selectRows, setValue, spread } from './table-rows';

/** One row of the table that comes to a numeric split, and the values to try in the split's input. */
interface Probe {
  readonly row: number;
  readonly input: string;
  readonly value: number;
}

/**
 * Rows at the thresholds: for each numeric split on a number or time, a row of the table that comes to it (or any,
 * where none does), with its input set to the threshold and to the two doubles beside it. At most `limit` splits are
 * tried, spread evenly over all of them. Returns null if there is nothing to try.
 */
export function thresholdRows(
  fitted: FittedPipeline,
  table: Table,
  dense: Float64Array,
  limit: number,
): Table | null {
  if (fitted.predictor.kind !== 'trees' || table.rows === 0) return null;
  const { ensemble } = fitted.predictor;
  const { encoderOf } = featureLayout(fitted.encoders);
  const kinds = new Map(fitted.inputs.map(({ name, kind }) => [name, kind]));
  const splits: number[] = [];
  for (let node = 0; node < ensemble.feature.length; node++) {
    if (ensemble.left[node]! < 0 || ensemble.categoryOffset[node]! >= 0) continue;
    const encoder = fitted.encoders[encoderOf[ensemble.feature[node]!]!]!;
    if (encoder.kind === 'number' && kinds.get(encoder.input) !== 'boolean') splits.push(node);
  }
  const tried = spread(Int32Array.from(splits), limit);
  if (tried.length === 0) return null;
  const visitors = firstVisitors(ensemble, table.rows, dense);
  const probes = Array.from(tried).flatMap((node, i) =>
    probesAt(fitted, node, visitors[node] ?? i % table.rows),
  );
  return applyProbes(table, probes);
}

function probesAt(fitted: FittedPipeline, node: number, row: number): Probe[] {
  if (fitted.predictor.kind !== 'trees') return [];
  const { feature, threshold } = fitted.predictor.ensemble;
  const encoder = fitted.encoders[featureLayout(fitted.encoders).encoderOf[feature[node]!]!]!;
  if (encoder.kind !== 'number') return [];
  const value = threshold[node]! * encoder.scale + encoder.center;
  return [nextDown(value), value, nextUp(value)].map((each) => ({ row, input: encoder.input, value: each }));
}

/** For each node the first row that comes to it, or undefined. */
function firstVisitors(ensemble: TreeEnsemble, rows: number, dense: Float64Array): (number | undefined)[] {
  const { features, left, right, feature, threshold, missingLeft, categoryOffset, categoryBits } = ensemble;
  const visitors: (number | undefined)[] = [];
  for (let row = 0; row < rows; row++) {
    for (let node of ensemble.roots) {
      visitors[node] ??= row;
      while (left[node]! >= 0) {
        const value = dense[row * features + feature[node]!]!;
        const goesLeft = Number.isNaN(value)
          ? missingLeft[node] === 1
          : categoryOffset[node]! < 0
            ? value <= threshold[node]!
            : inCategorySet(categoryBits, categoryOffset[node]!, value);
        node = goesLeft ? left[node]! : right[node]!;
        visitors[node] ??= row;
      }
    }
  }
  return visitors;
}

function applyProbes(table: Table, probes: readonly Probe[]): Table {
  const rows = selectRows(
    table,
    Int32Array.from(probes, ({ row }) => row),
  );
  probes.forEach(({ input, value }, i) => setValue(rows, input, i, value));
  return rows;
}
