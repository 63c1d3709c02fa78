const M = 0x5bd1e995;

/** MurmurHash2, 32 bits, with the seed that Kafka's own clients use. */
export function murmur2(data: Uint8Array): number {
  let hash = 0x9747b28c ^ data.length;
  const words = data.length >>> 2;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < words; i++) {
    let k = Math.imul(view.getInt32(i * 4, true), M);
    k ^= k >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const rest = data.length & 3;
  for (let i = rest - 1; i >= 0; i--) hash ^= data[words * 4 + i]! << (8 * i);
  if (rest > 0) hash = Math.imul(hash, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, the same on both buses and the same that Kafka's default partitioner chooses. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
}
