import type { Calibration } from '@steward/learning';

import { CALIBRATED, CALIBRATION } from '../write/write-calibration';
import type { GraphIndex } from './graph-index';

/** Reads the calibration of a graph that `writeOnnx` wrote; nothing if it has none. */
export function readCalibration(graph: GraphIndex): { calibration?: Calibration } {
  if (!graph.hasNode(CALIBRATED)) return {};
  const constant = (name: string): number => graph.double(`${CALIBRATION}/${name}`);
  if (graph.hasNode(`${CALIBRATION}/reached`)) {
    const x = [...graph.doubles(`${CALIBRATION}/x`)];
    const y = [...graph.doubles(`${CALIBRATION}/base`).subarray(1)];
    return { calibration: { kind: 'isotonic', x, y } };
  }
  return graph.hasNode(`${CALIBRATION}/odds`)
    ? { calibration: { kind: 'platt', slope: constant('slope'), intercept: constant('intercept') } }
    : { calibration: { kind: 'beta', a: constant('a'), b: constant('b'), c: constant('c') } };
}
