import { z } from 'zod';

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One table of what a service holds on a subject. */
export const HeldTable = z.object({
  /** File name without ending: letters, digits, hyphens. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,99}$/),
  /** For the subject: what this is, in a plain sentence. */
  description: z.string(),
  /** Where it came from: the subject itself, observed of it, or derived (a score). Portability covers the first two. */
  origin: z.enum(['provided', 'observed', 'derived']),
  columns: z.array(z.object({ name: z.string(), description: z.string() })),
  rows: z.array(z.array(Cell)),
});
export type HeldTable = z.output<typeof HeldTable>;

/** All that one service holds on a subject. */
export const HeldData = z.object({ service: z.string(), tables: z.array(HeldTable) });
export type HeldData = z.output<typeof HeldData>;

/** A table from objects: each column takes the value of its name, null where there is none. */
export function heldTable(
  about: Pick<HeldTable, 'name' | 'description' | 'origin'>,
  columns: Readonly<Record<string, string>>,
  objects: readonly Readonly<Record<string, string | number | boolean | null | undefined>>[],
): HeldTable {
  const names = Object.keys(columns);
  return {
    ...about,
    columns: names.map((name) => ({ name, description: columns[name] ?? '' })),
    rows: objects.map((object) => names.map((name) => object[name] ?? null)),
  };
}
