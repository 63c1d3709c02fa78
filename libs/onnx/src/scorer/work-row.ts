import type { TreeEnsemble } from '@steward/learning';

import { CategoryFlags } from './category-flags';

/** How a column of the work row is made from a feature of the dense row. */
type Variant = 'low' | 'high' | 'missing';

interface Column {
  readonly variant: Variant;
  readonly feature: number;
  readonly slot: number;
}

/** A comparison that needs no test for missing values: right if `work[slot] > threshold`. */
export interface Comparison {
  readonly slot: number;
  readonly threshold: number;
}

/**
 * Turns a dense row into one that trees can walk by the single test `value > threshold`. Missing values become
 * -Infinity in the columns whose splits send them left and +Infinity where they go right; a split at +Infinity that
 * sends missing values right (it parts missing from present) compares a 0/1 column; a categorical split compares a
 * column that is 1 where the category goes right. The tree kernels then have neither NaN tests nor bit sets inside.
 */
export class WorkRowPlan {
  private readonly columns: Column[] = [];
  /** By variant and feature. */
  private readonly slots: Readonly<Record<Variant, number[]>> = { low: [], high: [], missing: [] };
  private readonly flags: CategoryFlags;

  constructor(private readonly ensemble: TreeEnsemble) {
    this.flags = new CategoryFlags(ensemble);
  }

  /** The comparison that stands for the split of a node. */
  comparison(node: number): Comparison {
    const { feature, threshold, missingLeft, categoryOffset } = this.ensemble;
    if (categoryOffset[node]! >= 0) return { slot: this.flags.slot(node), threshold: 0.5 };
    const at = threshold[node]!;
    if (missingLeft[node] === 1) return { slot: this.slot('low', feature[node]!), threshold: at };
    if (at === Infinity) return { slot: this.slot('missing', feature[node]!), threshold: 0.5 };
    return { slot: this.slot('high', feature[node]!), threshold: at };
  }

  build(): WorkRow {
    return new WorkRow(this.columns, this.flags);
  }

  private slot(variant: Variant, feature: number): number {
    const known = this.slots[variant][feature];
    if (known !== undefined) return known;
    const slot = this.flags.width + this.columns.length;
    this.columns.push({ variant, feature, slot });
    this.slots[variant][feature] = slot;
    return slot;
  }
}

/** The compiled form of a {@link WorkRowPlan}: fills one reused row. */
export class WorkRow {
  /** The row that {@link fill} wrote last. */
  readonly values: Float64Array;
  private readonly features: Int32Array;
  private readonly slots: Int32Array;
  /** What stands for a missing value in a column. */
  private readonly substitutes: Float64Array;
  private readonly indicators: readonly Column[];

  constructor(
    columns: readonly Column[],
    private readonly flags: CategoryFlags,
  ) {
    const numbers = columns.filter(({ variant }) => variant !== 'missing');
    this.indicators = columns.filter(({ variant }) => variant === 'missing');
    this.values = new Float64Array(Math.max(1, flags.width + columns.length));
    this.features = Int32Array.from(numbers, ({ feature }) => feature);
    this.slots = Int32Array.from(numbers, ({ slot }) => slot);
    this.substitutes = Float64Array.from(numbers, ({ variant }) =>
      variant === 'low' ? -Infinity : Infinity,
    );
  }

  /** Fills the row from the dense row that starts at `at`. */
  fill(dense: Float64Array, at: number): void {
    const { values, features, slots, substitutes, indicators } = this;
    for (let i = 0; i < features.length; i++) {
      const value = dense[at + features[i]!]!;
      values[slots[i]!] = Number.isNaN(value) ? substitutes[i]! : value;
    }
    for (let i = 0; i < indicators.length; i++) {
      const { feature, slot } = indicators[i]!;
      values[slot] = Number.isNaN(dense[at + feature]!) ? 1 : 0;
    }
    this.flags.fill(dense, at, values);
  }
}
