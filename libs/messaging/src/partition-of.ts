const M = 0x5bd1e995;

/** Keys are short, and most are ids: they are hashed without a buffer of their own. */
const scratch = Buffer.alloc(64);

/** MurmurHash2, 32 bits, with the seed that Kafka's own clients use; of `length` bytes from `start` on. */
export function murmur2(data: Uint8Array, start = 0, length = data.length - start): number {
  let hash = 0x9747b28c ^ length;
  const words = length >>> 2;
  for (let i = 0; i < words; i++) {
    const at = start + i * 4;
    const word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    let k = Math.imul(word, M);
    k ^= k >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const rest = length & 3;
  for (let i = rest - 1; i >= 0; i--) hash ^= data[start + words * 4 + i]! << (8 * i);
  if (rest > 0) hash = Math.imul(hash, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, the same on both buses and the same that Kafka's default partitioner chooses. */
export const partitionOf = (key: string, partitions: number): number =>
  partitionOfHash(hashOf(key), partitions);

/** The same of the key's hash. */
export const partitionOfHash = (hash: number, partitions: number): number => (hash & 0x7fffffff) % partitions;

/** A key's hash, as a signed integer of 32 bits. */
export function hashOf(key: string): number {
  // At most three bytes a UTF-16 unit.
  return key.length * 3 <= scratch.length || isShortAscii(key)
    ? murmur2(scratch, 0, scratch.write(key, 0, 'utf8'))
    : murmur2(Buffer.from(key, 'utf8'));
}

function isShortAscii(key: string): boolean {
  if (key.length > scratch.length) return false;
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 0x7f) return false;
  return true;
}
