const ENTRIES = 8;
const MOST_BYTES = 512;

interface Entry<T> {
  /** The block, in the first `length` of 512 bytes, which the next in this place takes over. */
  readonly bytes: Buffer;
  readonly length: number;
  readonly generation: number;
  readonly value: T;
}

/**
 * The last 8 blocks and what they decoded to, the oldest replaced first. What a block means depends on the dynamic
 * table, so each is found at its generation only.
 */
export class BlockMemo<T> {
  private readonly entries: Entry<T>[] = [];
  private next = 0;

  /** The very value that was kept for these bytes. */
  find(block: Buffer, generation: number): T | undefined {
    for (const entry of this.entries)
      if (entry.length === block.length && entry.generation === generation && sameBytes(entry.bytes, block))
        return entry.value;
    return undefined;
  }

  /** Keeps a copy of the block, unless it has more than 512 bytes. */
  keep(block: Buffer, generation: number, value: T): void {
    const { length } = block;
    if (length > MOST_BYTES) return;
    const bytes = this.entries[this.next]?.bytes ?? Buffer.allocUnsafeSlow(MOST_BYTES);
    bytes.set(block);
    this.entries[this.next] = { bytes, length, generation, value };
    this.next = (this.next + 1) % ENTRIES;
  }
}

/** From both ends: blocks that differ do so mostly in one literal near an end, the path or a deadline. */
function sameBytes(kept: Buffer, block: Buffer): boolean {
  for (let front = 0, back = block.length - 1; front <= back; front++, back--)
    if (kept[front] !== block[front] || kept[back] !== block[back]) return false;
  return true;
}
