import type { TreeEnsemble } from '@steward/learning';

import { inCategorySet } from '../pipeline/category-sets';

/** How a column of the work row is made from a feature of the dense row. */
type Variant = 'low' | 'high' | 'missing';

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
  private readonly slots = new Map<string, number>();
  private readonly columns: { variant: Variant; feature: number }[] = [];
  private readonly sets: { feature: number; offset: number; missingRight: number; slot: number }[] = [];

  constructor(private readonly ensemble: TreeEnsemble) {}

  /** The comparison that stands for a numeric split. */
  numeric(node: number): Comparison {
    const { feature, threshold, missingLeft } = this.ensemble;
    const at = threshold[node]!;
    if (missingLeft[node] === 1) return { slot: this.slot('low', feature[node]!), threshold: at };
    if (at === Infinity) return { slot: this.slot('missing', feature[node]!), threshold: 0.5 };
    return { slot: this.slot('high', feature[node]!), threshold: at };
  }

  /** The comparison that stands for a categorical split. */
  categorical(node: number): Comparison {
    const { feature, missingLeft, categoryOffset } = this.ensemble;
    const split = {
      feature: feature[node]!,
      offset: categoryOffset[node]!,
      missingRight: 1 - missingLeft[node]!,
    };
    const key = `${split.feature}/${split.missingRight}/${this.content(split.offset)}`;
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = this.slots.size;
      this.slots.set(key, slot);
      this.sets.push({ ...split, slot });
    }
    return { slot, threshold: 0.5 };
  }

  build(): WorkRow {
    return new WorkRow(this.columns, this.slots.size, this.slotsOf(), this.sets, this.ensemble);
  }

  private slot(variant: Variant, feature: number): number {
    const key = `${variant}/${feature}`;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot = this.slots.size;
    this.slots.set(key, slot);
    this.columns.push({ variant, feature });
    return slot;
  }

  private slotsOf(): number[] {
    return this.columns.map(({ variant, feature }) => this.slots.get(`${variant}/${feature}`)!);
  }

  private content(offset: number): string {
    const { categoryBits } = this.ensemble;
    return categoryBits.subarray(offset, offset + 1 + categoryBits[offset]!).join();
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
  private readonly indicatorFeatures: Int32Array;
  private readonly indicatorSlots: Int32Array;

  constructor(
    columns: readonly { variant: Variant; feature: number }[],
    width: number,
    slots: readonly number[],
    private readonly sets: readonly { feature: number; offset: number; missingRight: number; slot: number }[],
    private readonly ensemble: Pick<TreeEnsemble, 'categoryBits'>,
  ) {
    const all = columns.map((column, i) => ({ ...column, slot: slots[i]! }));
    const plain = all.filter(({ variant }) => variant !== 'missing');
    const indicators = all.filter(({ variant }) => variant === 'missing');
    this.values = new Float64Array(Math.max(1, width));
    this.features = Int32Array.from(plain, ({ feature }) => feature);
    this.slots = Int32Array.from(plain, ({ slot }) => slot);
    this.substitutes = Float64Array.from(plain, ({ variant }) => (variant === 'low' ? -Infinity : Infinity));
    this.indicatorFeatures = Int32Array.from(indicators, ({ feature }) => feature);
    this.indicatorSlots = Int32Array.from(indicators, ({ slot }) => slot);
  }

  /** Fills the row from the dense row that starts at `at`. */
  fill(dense: Float64Array, at: number): void {
    const { values, features, slots, substitutes } = this;
    for (let i = 0; i < features.length; i++) {
      const value = dense[at + features[i]!]!;
      values[slots[i]!] = Number.isNaN(value) ? substitutes[i]! : value;
    }
    for (let i = 0; i < this.indicatorSlots.length; i++) {
      const value = dense[at + this.indicatorFeatures[i]!]!;
      values[this.indicatorSlots[i]!] = Number.isNaN(value) ? 1 : 0;
    }
    if (this.sets.length > 0) this.fillSets(dense, at);
  }

  private fillSets(dense: Float64Array, at: number): void {
    const { values, sets } = this;
    const { categoryBits } = this.ensemble;
    for (let i = 0; i < sets.length; i++) {
      const { feature, offset, missingRight, slot } = sets[i]!;
      const value = dense[at + feature]!;
      if (Number.isNaN(value)) values[slot] = missingRight;
      else values[slot] = inCategorySet(categoryBits, offset, value) ? 0 : 1;
    }
  }
}
