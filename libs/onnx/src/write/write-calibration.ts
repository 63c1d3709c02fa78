import { type Calibration, LEAST_PROBABILITY } from '@steward/learning';

import { ELEMENT_TYPE_NUMBERS } from '../format/onnx-model';
import type { GraphBuilder } from './graph-builder';
import { TO_DOUBLE } from './write-number-encoders';

/** Names of the calibration's values begin with this. */
export const CALIBRATION = 'steward/calibration';
/** The calibrated probability of the positive class, DOUBLE [N, 1]. */
export const CALIBRATED = 'steward/calibrated';

/** Writes a calibration over the probability `p` of the positive class (DOUBLE [N, 1]), in doubles throughout. */
export function writeCalibration(builder: GraphBuilder, calibration: Calibration, p: string): string {
  if (calibration.kind === 'isotonic') return writeIsotonic(builder, calibration, p);
  const low = writeLog(builder, p, 'low');
  const one = builder.doubles(`${CALIBRATION}/one`, [1]);
  const high = writeLog(builder, builder.node('Sub', `${CALIBRATION}/rest`, [one, p]), 'high');
  const constant = (name: string, value: number): string =>
    builder.doubles(`${CALIBRATION}/${name}`, [value]);
  const step = (opType: string, name: string, ...inputs: string[]): string =>
    builder.node(opType, `${CALIBRATION}/${name}`, inputs);
  let score: string;
  if (calibration.kind === 'platt') {
    const odds = step('Sub', 'odds', low, high);
    const steep = step('Mul', 'steep', odds, constant('slope', calibration.slope));
    score = step('Add', 'score', steep, constant('intercept', calibration.intercept));
  } else {
    const rising = step('Mul', 'rising', low, constant('a', calibration.a));
    const falling = step('Mul', 'falling', high, constant('b', calibration.b));
    const difference = step('Sub', 'difference', rising, falling);
    score = step('Add', 'score', difference, constant('c', calibration.c));
  }
  return builder.node('Sigmoid', CALIBRATED, [score]);
}

function writeLog(builder: GraphBuilder, p: string, name: string): string {
  const least = builder.doubles(`${CALIBRATION}/least-${name}`, [LEAST_PROBABILITY]);
  const raised = builder.node('Max', `${CALIBRATION}/raised-${name}`, [p, least]);
  return builder.node('Log', `${CALIBRATION}/${name}`, [raised]);
}

/**
 * The piece is found by comparing with every point, exactly; piece k goes from point k - 1 to point k, and the first
 * and the last are level.
 */
function writeIsotonic(
  builder: GraphBuilder,
  { x, y }: Extract<Calibration, { kind: 'isotonic' }>,
  p: string,
): string {
  const step = (opType: string, name: string, ...inputs: string[]): string =>
    builder.node(opType, `${CALIBRATION}/${name}`, inputs);
  const reached = step('GreaterOrEqual', 'reached', p, builder.doubles(`${CALIBRATION}/x`, x));
  const ones = builder.node('Cast', `${CALIBRATION}/ones`, [reached], [TO_DOUBLE]);
  const count = step('ReduceSum', 'count', ones, builder.integers(`${CALIBRATION}/axis`, [1]));
  const piece = builder.node('Cast', `${CALIBRATION}/piece`, [count], [TO_INTEGER]);
  const pieces = [...x.keys()].slice(0, -1);
  const at = (name: string, values: readonly number[]): string =>
    step('Gather', `${name}-at`, builder.doubles(`${CALIBRATION}/${name}`, values), piece);
  const from = at('from', [x[0]!, ...x]);
  const base = at('base', [y[0]!, ...y]);
  const rise = at('rise', [0, ...pieces.map((i) => y[i + 1]! - y[i]!), 0]);
  const run = at('run', [1, ...pieces.map((i) => x[i + 1]! - x[i]!), 1]);
  const way = step('Mul', 'way', rise, step('Sub', 'past', p, from));
  return builder.node('Add', CALIBRATED, [base, step('Div', 'gain', way, run)]);
}

const TO_INTEGER = { name: 'to', kind: 'int', value: ELEMENT_TYPE_NUMBERS.int64 } as const;
