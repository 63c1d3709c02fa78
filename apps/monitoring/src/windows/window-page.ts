import { z } from 'zod';

/** Which windows, newest first: `after` is the id of the last one of the page before. */
export const WindowPage = z.object({
  monitor: z.string().max(63).optional(),
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
