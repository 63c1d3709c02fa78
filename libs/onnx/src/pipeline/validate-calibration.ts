import type { FittedPipeline } from '@steward/learning';

import { badPipeline } from './bad-pipeline';

/**
 * Checks that a calibration suits its pipeline and that its numbers are finite; isotonic points must ascend.
 *
 * @throws AppError ONNX.BAD_PIPELINE.
 */
export function validateCalibration({ calibration, task }: FittedPipeline): void {
  if (!calibration) return;
  if (task !== 'binary') throw badPipeline(`A pipeline for ${task} cannot be calibrated.`);
  switch (calibration.kind) {
    case 'platt':
      return checkFinite([calibration.slope, calibration.intercept]);
    case 'beta':
      return checkFinite([calibration.a, calibration.b, calibration.c]);
    case 'isotonic': {
      const { x, y } = calibration;
      checkFinite([...x, ...y]);
      const ascending = x.every((at, i) => i === 0 || at > x[i - 1]!);
      if (x.length > 0 && x.length === y.length && ascending) return;
      throw badPipeline('The isotonic calibration needs ascending points, each with its value.');
    }
    default:
      throw badPipeline('The calibration is of an unknown kind.');
  }
}

function checkFinite(values: readonly number[]): void {
  if (!values.every(Number.isFinite)) throw badPipeline('The calibration holds a number that is not finite.');
}
