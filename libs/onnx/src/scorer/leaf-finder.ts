/** Trees that are walked side by side: their loads overlap, where one walk alone waits for memory at every step. */
export const LANES = 4;

/** Walks trees in groups of {@link LANES}; a group that is not full is filled up with trees of one empty leaf. */
export interface LeafFinder {
  /** Leaf values in this finder's own numbering of leaves, `stride` (1, or all outputs) for each. */
  readonly leafValues: Float64Array;
  /** Where {@link find} leaves its answer: for each lane the index of the leaf. */
  readonly found: Int32Array;
  /** Walks the trees of one group over a work row. */
  find(group: number, work: Float64Array): void;
}
