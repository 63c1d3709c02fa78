import type { FittedEncoder, TreeEnsemble } from '@steward/learning';

/** True if the category code `value` is in the bit set at `offset` (see {@link TreeEnsemble.categoryBits}). */
export function inCategorySet(bits: Uint32Array, offset: number, value: number): boolean {
  const words = bits[offset]!;
  if (!(value >= 0 && value < words * 32)) return false;
  const code = value | 0;
  return ((bits[offset + 1 + (code >>> 5)]! >>> (code & 31)) & 1) === 1;
}

/** One distinct categorical split: which rows of one feature go right, by category code. */
export interface CategorySplit {
  readonly feature: number;
  /** By code 0..n-1, then n: what was not seen, then n + 1: missing. 1 = goes right. */
  readonly goesRight: Uint8Array;
}

/**
 * What a categorical node does to each value that its ordinal encoder can give.
 */
export function categorySplit(
  ensemble: TreeEnsemble,
  node: number,
  encoder: Extract<FittedEncoder, { kind: 'ordinal' }>,
): CategorySplit {
  const offset = ensemble.categoryOffset[node]!;
  const count = encoder.categories.length;
  const goesRight = new Uint8Array(count + 2);
  for (let code = 0; code < count; code++) {
    goesRight[code] = inCategorySet(ensemble.categoryBits, offset, code) ? 0 : 1;
  }
  const missing = 1 - ensemble.missingLeft[node]!;
  goesRight[count] = Number.isNaN(encoder.unknown)
    ? missing
    : inCategorySet(ensemble.categoryBits, offset, encoder.unknown)
      ? 0
      : 1;
  goesRight[count + 1] = missing;
  return { feature: ensemble.feature[node]!, goesRight };
}
