import { z } from 'zod';

/** What really happened to one predicted row, named `<prediction id>/<row>`. */
export const Outcome = z.strictObject({
  prediction: z.string().min(1).max(60),
  label: z.string().min(1).max(200),
});
export type Outcome = z.output<typeof Outcome>;

export const Outcomes = z.strictObject({ outcomes: z.array(Outcome).min(1).max(10_000) });
export type Outcomes = z.output<typeof Outcomes>;
