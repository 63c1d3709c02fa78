import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import { SCORE_CELLS, type ServingEvidence } from './evidence';
import { noDifferences, type ShadowDifferences } from './shadow-differences';

type Counts = { -readonly [Key in keyof ServingEvidence['canary']]: ServingEvidence['canary'][Key] } & {
  scores: number[];
};
interface Counting {
  canary: Counts;
  champion: Counts;
  compared: { rows: number; disagreed: number };
}

const MOST_KEYS = 1_000;

const noCounts = (): Counts => ({
  requests: 0,
  failed: 0,
  slow: 0,
  scores: Array.from({ length: SCORE_CELLS }, () => 0),
});

/** What this process counts of comparisons, in memory; {@link changed} gives what is to be written. */
@Injectable()
export class ComparisonCounter {
  /** Under which this process's totals stand. */
  readonly source = newId();
  private readonly rollouts = new Map<string, Counting>();
  private readonly shadows = new Map<string, ShadowDifferences>();
  private readonly dirty = new Set<string>();

  answered(key: string, side: 'canary' | 'champion', slow: boolean, score: number): void {
    const counts = this.rollout(key)[side];
    counts.requests += 1;
    if (slow) counts.slow += 1;
    if (!Number.isNaN(score)) counts.scores[Math.min(SCORE_CELLS - 1, Math.floor(score * SCORE_CELLS))]! += 1;
  }

  failed(key: string, side: 'canary' | 'champion'): void {
    const counts = this.rollout(key)[side];
    counts.requests += 1;
    counts.failed += 1;
  }

  compared(key: string, agreed: boolean): void {
    const { compared } = this.rollout(key);
    compared.rows += 1;
    if (!agreed) compared.disagreed += 1;
  }

  /** The differences of a shadow, to be added to. */
  shadow(key: string): ShadowDifferences {
    this.touch(key, this.shadows);
    const known = this.shadows.get(key) ?? noDifferences();
    this.shadows.set(key, known);
    return known;
  }

  /** Totals that changed since this was last called. Call {@link again} where they could not be written. */
  changed(): Map<string, unknown> {
    const changed = new Map<string, unknown>();
    for (const key of this.dirty) changed.set(key, this.rollouts.get(key) ?? this.shadows.get(key));
    this.dirty.clear();
    return changed;
  }

  again(keys: Iterable<string>): void {
    for (const key of keys) this.dirty.add(key);
  }

  private rollout(key: string): Counting {
    this.touch(key, this.rollouts);
    let counting = this.rollouts.get(key);
    if (!counting) {
      counting = { canary: noCounts(), champion: noCounts(), compared: { rows: 0, disagreed: 0 } };
      this.rollouts.set(key, counting);
    }
    return counting;
  }

  /** Keys come from rollouts and deployments, so they are few; those of long ago are forgotten. */
  private touch(key: string, among: Map<string, unknown>): void {
    this.dirty.add(key);
    if (among.size < MOST_KEYS || among.has(key)) return;
    const oldest = among.keys().next().value!;
    among.delete(oldest);
    this.dirty.delete(oldest);
  }
}
