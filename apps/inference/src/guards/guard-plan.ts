import { CallLimits } from '@steward/contracts';
import { ISOLATION_LEVELS } from '@steward/onnx';
import { z } from 'zod';

/** By the id of an API key, or of the holder of a token. */
export const CallerLimits = z
  .record(z.string().min(1).max(100), CallLimits)
  .refine((callers) => Object.keys(callers).length <= 1_000, 'at most 1,000');

/** Limits of one model, beside those of the installation. */
export const ModelLimits = z.strictObject({
  /** Each API key, or holder of a token. `rowsPerDay` is the query budget against model extraction. */
  caller: CallLimits.optional(),
  /** In place of `caller`. */
  callers: CallerLimits.optional(),
  /** All callers of the model together. */
  all: CallLimits.optional(),
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
