import type { FittedPipeline, Table, TreeEnsemble } from '@steward/learning';

import { inCategorySet } from '../pipeline/category-sets';
import { featureLayout } from '../pipeline/feature-layout';
import { nextDown, nextUp } from '../pipeline/neighbours';
import { encoderThresholds, inputThreshold, type InputThreshold } from './input-thresholds';
import { selectRows, setValue, spread } from './table-rows';

/** A threshold of an input, and the row of the table in which it is tried. */
interface Probe extends InputThreshold {
  readonly row: number;
}

/**
 * Rows at the thresholds. For each numeric split of a tree on a number or time, a row of the table that comes to it
 * (or any, where none does), with its input set to the last double that goes left and to the two beside it. Likewise,
 * in rows spread over the table, the ends at which numbers are clipped, the edges of bins and the beginnings of date
 * parts. At most `limit` splits and as many thresholds of encoders are tried, spread evenly over all of them. An
 * isotonic calibration needs no probes: it is continuous where its pieces meet. Null if there is nothing to try.
 */
export function thresholdRows(
  fitted: FittedPipeline,
  table: Table,
  dense: Float64Array,
  limit: number,
): Table | null {
  if (table.rows === 0) return null;
  const probes = [...splitProbes(fitted, table, dense, limit), ...encoderProbes(fitted, table, limit)];
  return probes.length === 0 ? null : applyProbes(table, probes);
}

function splitProbes(fitted: FittedPipeline, table: Table, dense: Float64Array, limit: number): Probe[] {
  if (fitted.predictor.kind !== 'trees') return [];
  const { ensemble } = fitted.predictor;
  const { encoderOf } = featureLayout(fitted.encoders);
  const kinds = new Map(fitted.inputs.map(({ name, kind }) => [name, kind]));
  const splits: number[] = [];
  for (let node = 0; node < ensemble.feature.length; node++) {
    if (ensemble.left[node]! < 0 || ensemble.categoryOffset[node]! >= 0) continue;
    const encoder = fitted.encoders[encoderOf[ensemble.feature[node]!]!]!;
    if (encoder.kind === 'number' && kinds.get(encoder.input) !== 'boolean') splits.push(node);
  }
  const visitors = firstVisitors(ensemble, table.rows, dense);
  return Array.from(spread(Int32Array.from(splits), limit)).flatMap((node, i) => {
    const encoder = fitted.encoders[encoderOf[ensemble.feature[node]!]!]!;
    if (encoder.kind !== 'number') return [];
    const value = inputThreshold(encoder, ensemble.threshold[node]!);
    return [{ row: visitors[node] ?? i % table.rows, input: encoder.input, value }];
  });
}

function encoderProbes(fitted: FittedPipeline, table: Table, limit: number): Probe[] {
  const all = encoderThresholds(fitted.encoders, table);
  const places = spread(
    Int32Array.from(all, (_, i) => i),
    limit,
  );
  return Array.from(places, (place, i) => ({ ...all[place]!, row: i % table.rows }));
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

/** Three rows for each probe: the double below the threshold, the threshold, and the double above it. */
function applyProbes(table: Table, probes: readonly Probe[]): Table {
  const rows = selectRows(table, Int32Array.from(probes.flatMap(({ row }) => [row, row, row])));
  probes.forEach(({ input, value }, i) => {
    [nextDown(value), value, nextUp(value)].forEach((each, k) => setValue(rows, input, 3 * i + k, each));
  });
  return rows;
}
