import { ISOLATION_LEVELS } from '@steward/onnx';
import { z } from 'zod';

const perSecond = z.number().positive().max(10_000_000);

/** How much somebody may ask for. What is not said is not limited. */
export const Limits = z
  .strictObject({
    requestsPerSecond: perSecond.optional(),
    /** Requests that may come at once after a pause; default: one second's worth, at least 1. */
    burst: z.int().min(1).max(10_000_000).optional(),
    /** One second's worth may come at once; a larger request is taken after a pause and is made up for. */
    rowsPerSecond: perSecond.optional(),
    /** In any 24 hours; what is asked in an hour counts until a day after its end. Kept over restarts. */
    rowsPerDay: z.int().min(1).max(1_000_000_000_000).optional(),
  })
  .refine(
    ({ requestsPerSecond, rowsPerSecond, rowsPerDay }) =>
      (requestsPerSecond ?? rowsPerSecond ?? rowsPerDay) !== undefined,
    'must name requestsPerSecond, rowsPerSecond or rowsPerDay',
  )
  .refine(
    ({ burst, requestsPerSecond }) => burst === undefined || requestsPerSecond !== undefined,
    'burst belongs to requestsPerSecond',
  );
export type Limits = z.output<typeof Limits>;

/** By the id of an API key, or of the holder of a token. */
export const CallerLimits = z
  .record(z.string().min(1).max(100), Limits)
  .refine((callers) => Object.keys(callers).length <= 1_000, 'at most 1,000');

/** Limits of one model, beside those of the installation. */
export const ModelLimits = z.strictObject({
  /** Each API key, or holder of a token. `rowsPerDay` is the query budget against model extraction. */
  caller: Limits.optional(),
  /** In place of `caller`. */
  callers: CallerLimits.optional(),
  /** All callers of the model together. */
  all: Limits.optional(),
});
export type ModelLimits = z.output<typeof ModelLimits>;

/** What becomes of rows unlike those of the version's reference. */
export const DomainPlan = z.strictObject({
  check: z.enum(['off', 'flag', 'refuse']),
  /** How far a number may lie outside of the reference's range, as a share of that range. */
  tolerance: z.number().min(0).max(100).default(0),
  /**
   * Rows count as unlike too where they stand apart, as a whole, more than this share of the training rows does.
   * Absent: rows are not scored so.
   */
  isolation: z.literal(ISOLATION_LEVELS).optional(),
});
export type DomainPlan = z.output<typeof DomainPlan>;

/** The part of a deployment's plan that guards a model. Absent: not guarded so. */
export const guardFields = {
  limits: ModelLimits.optional(),
  /** Decimals of the scores that callers get; the label is decided by the exact score. */
  round: z.int().min(0).max(15).optional(),
  domain: DomainPlan.optional(),
};

export interface GuardPlan {
  readonly limits?: ModelLimits | undefined;
  readonly round?: number | undefined;
  readonly domain?: DomainPlan | undefined;
}

/** The guards of a whole plan. */
export const guardsOf = ({ limits, round, domain }: GuardPlan): GuardPlan => ({ limits, round, domain });
