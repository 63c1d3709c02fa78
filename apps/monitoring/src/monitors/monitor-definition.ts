import { errors, isName, sha256 } from '@steward/kernel';
import { z } from 'zod';

const rate = z.number().min(0).max(1);

/** What is watched of a model's champion, and when it asks for retraining. Written as YAML by people. */
export const MonitorDefinition = z.strictObject({
  model: z.string().min(1).max(63),
  /** Rows of a window. */
  windowRows: z.number().int().min(50).max(100_000).default(300),
  /** Size and evidence of a drift alert, per column and for the score. */
  drift: z
    .strictObject({
      psi: z.number().positive().default(0.2),
      pValue: z.number().positive().max(0.1).default(0.001),
      minimumRows: z.number().int().min(10).default(200),
      /** Default: all columns of the reference. */
      columns: z.array(z.string().min(1).max(200)).min(1).max(2_000).optional(),
    })
    .prefault({}),
  /** How far the rates of missing and out-of-range values may rise above the reference's. */
  quality: z.strictObject({ missing: rate.default(0.05), outOfRange: rate.default(0.05) }).prefault({}),
  fairness: z
    .strictObject({
      demographicParityRatio: rate.optional(),
      equalizedOddsDifference: rate.optional(),
      minimumGroupRows: z.number().int().min(1).default(30),
      minimumGroupOutcomes: z.number().int().min(1).default(10),
    })
    .prefault({}),
  performance: z
    .strictObject({ minimumAuc: rate.optional(), minimumRows: z.number().int().min(10).default(200) })
    .prefault({}),
  retrain: z
    .strictObject({
      on: z.array(z.enum(['drift', 'data_quality', 'performance', 'fairness'])).default([]),
      minimumLabelledRows: z.number().int().min(1).default(200),
      cooldownSeconds: z.number().int().min(0).default(3_600),
    })
    .prefault({}),
});
export type MonitorDefinition = z.output<typeof MonitorDefinition>;

/** The digest by which a monitor's version is known: equal content is one version. */
export const monitorDigest = (definition: MonitorDefinition): string => sha256(JSON.stringify(definition));

/** What the schema cannot say. */
export function checkMonitor(name: string, definition: MonitorDefinition): void {
  for (const [what, value] of [
    ['monitor', name],
    ['model', definition.model],
  ] as const) {
    if (!isName(value)) {
      throw errors.invalid(
        'MONITORING.NAME_INVALID',
        `The ${what}'s name must be lower-case letters, digits and hyphens, 63 at most.`,
      );
    }
  }
  if (definition.drift.minimumRows > definition.windowRows) {
    throw errors.invalid(
      'MONITORING.WINDOW_TOO_SMALL',
      `Windows of ${definition.windowRows} rows never reach the ${definition.drift.minimumRows} that a drift verdict needs; enlarge windowRows or lower drift.minimumRows.`,
    );
  }
}
