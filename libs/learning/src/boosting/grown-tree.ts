/** One node of a tree in terms of bins. A leaf has left = -1. */
export interface GrownNode {
  feature: number;
  /** Numeric split: the last bin that goes left; -1 for a categorical split. */
  bin: number;
  /** Categorical split: the bins (= category codes) that go left. */
  readonly categories: readonly number[] | null;
  missingLeft: boolean;
  left: number;
  right: number;
  /** Of a leaf, learning rate included. */
  value: number;
  /** Sum of the hessians of the training rows in the node. */
  readonly cover: number;
  /** How much the split lowered twice the training loss. */
  gain: number;
}

/** A tree as grown: node 0 is its root, children come after their parents. */
export interface GrownTree {
  readonly nodes: readonly GrownNode[];
  /** The output that the tree adds to. */
  readonly output: number;
}

/** A leaf while its tree grows: where its rows stand in the list of rows and what bounds its value. */
export interface GrownLeaf {
  readonly node: number;
  readonly start: number;
  readonly count: number;
  readonly lower: number;
  readonly upper: number;
}
