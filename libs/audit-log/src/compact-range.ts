import { errors } from '@steward/kernel';
import { EMPTY_ROOT, HASH_BYTES, hashChildren } from './merkle-hash';

/** A complete node that came to be by an append: the subtree over leaves [index * 2^level, (index + 1) * 2^level). */
export interface CompletedNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/**
 * A Merkle tree held as the roots of its complete subtrees, one per set bit of its size, largest first: all that is
 * needed to append and to know the root, in memory that grows with log2(size).
 */
export class CompactRange {
  private readonly peaks: Buffer[];

  /** Throws AppError `AUDIT.BAD_STATE` unless there is one hash of 32 bytes per set bit of the size. */
  constructor(
    private leaves = 0,
    peaks: readonly Uint8Array[] = [],
  ) {
    if (!Number.isSafeInteger(leaves) || leaves < 0 || peaks.length !== setBits(leaves))
      throw errors.internal(
        'AUDIT.BAD_STATE',
        `A tree of ${leaves} leaves does not have ${peaks.length} subtrees.`,
      );
    if (peaks.some((peak) => peak.length !== HASH_BYTES))
      throw errors.internal(
        'AUDIT.BAD_STATE',
        'A subtree of the audit log has a hash that is not 32 bytes long.',
      );
    this.peaks = peaks.map((peak) => Buffer.from(peak));
  }

  /** Number of leaves. */
  get size(): number {
    return this.leaves;
  }

  /** The subtrees' roots, largest first: with {@link size} enough to go on later. */
  get hashes(): readonly Buffer[] {
    return this.peaks;
  }

  /** Appends the hash of a leaf. `completed` hears of each inner node that is now complete, lowest first. */
  append(leaf: Buffer, completed?: (node: CompletedNode) => void): void {
    let node = leaf;
    let level = 0;
    for (let rest = this.leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashChildren(this.peaks.pop()!, node);
      level += 1;
      completed?.({ level, index: Math.floor(rest / 2), hash: node });
    }
    this.peaks.push(node);
    this.leaves += 1;
  }

  /** The Merkle tree hash of all leaves (RFC 6962 §2.1). */
  root(): Buffer {
    if (this.peaks.length === 0) return EMPTY_ROOT;
    return this.peaks.reduceRight((right, left) => hashChildren(left, right));
  }
}

function setBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
