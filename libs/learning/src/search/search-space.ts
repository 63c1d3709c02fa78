import { errors } from '@steward/kernel';
import type { Random } from '../random/random';

/** What one parameter may be. `log` draws evenly in the logarithm (min above 0). */
export type Dimension =
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly log?: boolean }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly log?: boolean }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] };

/** The parameters that a search varies, by name. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

/** Values for the parameters of a space. */
export type Point = Readonly<Record<string, unknown>>;

/** Throws LEARNING.SEARCH_SPACE, naming the parameter, for an empty range or an impossible logarithm. */
export function checkSpace(space: SearchSpace): void {
  for (const [name, dimension] of Object.entries(space)) {
    const fine =
      dimension.kind === 'choice'
        ? dimension.values.length > 0
        : dimension.min <= dimension.max &&
          Number.isFinite(dimension.max - dimension.min) &&
          (!dimension.log || dimension.min > 0) &&
          (dimension.kind === 'number' ||
            (Number.isInteger(dimension.min) && Number.isInteger(dimension.max)));
    if (!fine) {
      throw errors.invalid(
        'LEARNING.SEARCH_SPACE',
        `The range of parameter "${name}" is empty or not allowed.`,
      );
    }
  }
}

/**
 * The coordinate interval of a dimension: numbers as they are or as logarithms, integers with half a step at each end,
 * choices by index.
 */
export function intervalOf(dimension: Dimension): { low: number; high: number } {
  if (dimension.kind === 'choice') return { low: 0, high: dimension.values.length };
  const half = dimension.kind === 'integer' ? 0.5 : 0;
  const [low, high] = [dimension.min - half, dimension.max + half];
  return dimension.log ? { low: Math.log(low), high: Math.log(high) } : { low, high };
}

/** The value at a coordinate. */
export function valueAt(dimension: Dimension, coordinate: number): unknown {
  if (dimension.kind === 'choice') {
    return dimension.values[Math.min(dimension.values.length - 1, Math.max(0, Math.floor(coordinate)))];
  }
  const raw = dimension.log ? Math.exp(coordinate) : coordinate;
  const value = dimension.kind === 'integer' ? Math.round(raw) : raw;
  return Math.min(dimension.max, Math.max(dimension.min, value));
}

/** The coordinate of a value; of a choice its index. */
export function coordinateOf(dimension: Dimension, value: unknown): number {
  if (dimension.kind === 'choice')
    return dimension.values.findIndex((candidate) => Object.is(candidate, value));
  return dimension.log ? Math.log(value as number) : (value as number);
}

/** A point drawn evenly. */
export function drawPoint(space: SearchSpace, random: Random): Point {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const { low, high } = intervalOf(dimension);
      return [name, valueAt(dimension, low + random.next() * (high - low))];
    }),
  );
}
