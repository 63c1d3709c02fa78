import { z } from 'zod';

/** Which alerts, newest first: `after` is the id of the last one of the page before. */
export const AlertPage = z.object({
  state: z.enum(['open', 'resolved']).optional(),
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** What somebody says who has seen an alert. */
export const Acknowledgement = z.strictObject({ reason: z.string().max(2_000).optional() });
export type Acknowledgement = z.output<typeof Acknowledgement>;
