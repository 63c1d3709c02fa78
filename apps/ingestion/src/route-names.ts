import { isName } from '@steward/kernel';
import { z } from 'zod';

const name = z.string().refine(isName, 'must be lower-case letters, digits and hyphens, 63 at most');

/** Parameters of routes. */
export const DatasetRoute = z.object({ project: name, dataset: name });
export const VersionRoute = DatasetRoute.extend({
  version: z.coerce.number().int().min(1).max(2_147_483_647),
});
export const BatchRoute = DatasetRoute.extend({ batch: z.uuid() });
export const ProjectRoute = z.object({ project: name });

/** `?limit=&after=`: `after` is what the list before gave as `next`. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().max(200).optional(),
});
export const PositionQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
});
