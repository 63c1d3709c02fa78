import type { TreeEnsemble } from '@steward/learning';

import { inCategorySet } from '../pipeline/category-sets';

/** The distinct categorical splits on one feature. */
interface FeatureFlags {
  readonly feature: number;
  /** First of the columns of these splits. */
  readonly slot: number;
  readonly splits: number;
  /** Codes from here on, and negative ones, are in no set. */
  readonly codes: number;
  /** 1 = goes right; [codes + 2, splits]: by code, then for codes outside, then for missing. */
  readonly table: Uint8Array;
}

/**
 * One column for each distinct categorical split, 1 where the row goes right. The columns of a feature stand side by
 * side and are copied from a table by the category's code, so a split costs less than a nanosecond.
 */
export class CategoryFlags {
  /** Number of columns; they take the slots from 0 on. */
  readonly width: number;
  private readonly slots = new Map<string, number>();
  private readonly features: readonly FeatureFlags[];

  constructor(private readonly ensemble: TreeEnsemble) {
    const byFeature = new Map<number, Map<string, number>>();
    for (let node = 0; node < ensemble.feature.length; node++) {
      if (ensemble.left[node]! < 0 || ensemble.categoryOffset[node]! < 0) continue;
      const feature = ensemble.feature[node]!;
      const splits = byFeature.get(feature) ?? new Map<string, number>();
      byFeature.set(feature, splits);
      const key = this.key(node);
      if (!splits.has(key)) splits.set(key, node);
    }
    const features: FeatureFlags[] = [];
    for (const [feature, splits] of byFeature) {
      features.push(flagsOf(ensemble, feature, this.slots.size, [...splits.values()]));
      for (const key of splits.keys()) this.slots.set(key, this.slots.size);
    }
    this.features = features;
    this.width = this.slots.size;
  }

  /** The column of a categorical split. */
  slot(node: number): number {
    return this.slots.get(this.key(node))!;
  }

  /** Writes all columns for the dense row that starts at `at`. */
  fill(dense: Float64Array, at: number, values: Float64Array): void {
    for (let f = 0; f < this.features.length; f++) {
      const { feature, slot, splits, codes, table } = this.features[f]!;
      const value = dense[at + feature]!;
      const row = Number.isNaN(value) ? codes + 1 : value >= 0 && value < codes ? value | 0 : codes;
      const first = row * splits;
      for (let s = 0; s < splits; s++) values[slot + s] = table[first + s]!;
    }
  }

  private key(node: number): string {
    const { feature, missingLeft, categoryOffset, categoryBits } = this.ensemble;
    const offset = categoryOffset[node]!;
    const words = categoryBits.subarray(offset, offset + 1 + categoryBits[offset]!);
    return `${feature[node]}/${missingLeft[node]}/${words.join()}`;
  }
}

function flagsOf(
  ensemble: TreeEnsemble,
  feature: number,
  slot: number,
  nodes: readonly number[],
): FeatureFlags {
  const { categoryBits, categoryOffset, missingLeft } = ensemble;
  const splits = nodes.length;
  const codes = nodes.reduce((most, node) => Math.max(most, categoryBits[categoryOffset[node]!]! * 32), 0);
  const table = new Uint8Array((codes + 2) * splits).fill(1);
  nodes.forEach((node, s) => {
    for (let code = 0; code < codes; code++) {
      if (inCategorySet(categoryBits, categoryOffset[node]!, code)) table[code * splits + s] = 0;
    }
    table[(codes + 1) * splits + s] = 1 - missingLeft[node]!;
  });
  return { feature, slot, splits, codes, table };
}
