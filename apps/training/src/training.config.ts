import { z } from 'zod';

/** Settings of training beside the common ones. */
export const TrainingSettings = z.object({
  STEWARD_TRAINING_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .default(1)
    .describe(
      'Runs that this process trains at a time, each in a thread of its own; 0: it leaves them to other processes.',
    ),
});
export type TrainingSettings = z.output<typeof TrainingSettings>;
