import type { CategoricalColumn } from '../table/table';
import type { FittedEncoder } from './fitted-pipeline';
import { rankCategories } from './rank-categories';

/**
 * Spreads the categories seen over `buckets` - 1 buckets by their 32-bit FNV-1a hash (of UTF-8). ONNX has no operator
 * that hashes text, so the map is kept as a lookup of the categories seen; all others share the last bucket.
 */
export function fitHashing(column: CategoricalColumn, buckets: number): FittedEncoder {
  const categories = rankCategories(column);
  return {
    kind: 'hashing',
    input: column.name,
    categories,
    buckets: categories.map((category) => fnv1a(category) % (buckets - 1)),
    unknown: buckets - 1,
    width: buckets,
  };
}

/** The 32-bit FNV-1a hash of a text's UTF-8 bytes (Fowler, Noll, Vo). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
