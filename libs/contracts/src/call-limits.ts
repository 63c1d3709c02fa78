import { z } from 'zod';

const perSecond = z.number().positive().max(10_000_000);

/** How much somebody may ask inference for. What is not said is not limited. */
export const CallLimits = z
  .strictObject({
    requestsPerSecond: perSecond.optional(),
    /** Requests that may come at once after a pause; default: one second's worth, at least 1. */
    burst: z.int().min(1).max(10_000_000).optional(),
    /** One second's worth may come at once; a larger request is taken after a pause and is made up for. */
    rowsPerSecond: perSecond.optional(),
    /** In any 24 hours; what is asked in an hour counts until a day after its end. Kept over restarts. */
    rowsPerDay: z.int().min(1).max(1_000_000_000_000).optional(),
    /** Requests that each process of inference has in hand at a time. */
    concurrentRequests: z.int().min(1).max(1_000_000).optional(),
  })
  .refine(
    ({ burst: _burst, ...limits }) => Object.values(limits).some((limit) => limit !== undefined),
    'must name requestsPerSecond, rowsPerSecond, rowsPerDay or concurrentRequests',
  )
  .refine(
    ({ burst, requestsPerSecond }) => burst === undefined || requestsPerSecond !== undefined,
    'burst belongs to requestsPerSecond',
  );
export type CallLimits = z.output<typeof CallLimits>;
