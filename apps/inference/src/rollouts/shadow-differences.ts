/** How a shadow differs from what was answered, in totals that only grow. */
export interface ShadowDifferences {
  /** Rows that both scored. */
  rows: number;
  /** Rows with another label. */
  disagreed: number;
  /** Sum and largest of the scores' absolute differences. */
  absolute: number;
  largest: number;
  /** Sum of shadow less answer. */
  signed: number;
  /** Requests that the shadow failed. */
  failed: number;
  /** Requests that it was too busy for. */
  skipped: number;
}

export const noDifferences = (): ShadowDifferences => ({
  rows: 0,
  disagreed: 0,
  absolute: 0,
  largest: 0,
  signed: 0,
  failed: 0,
  skipped: 0,
});

/** The totals of several processes together. */
export function sumDifferences(all: readonly ShadowDifferences[]): ShadowDifferences {
  const sum = noDifferences();
  for (const one of all) {
    for (const figure of ['rows', 'disagreed', 'absolute', 'signed', 'failed', 'skipped'] as const) {
      sum[figure] += one[figure];
    }
    sum.largest = Math.max(sum.largest, one.largest);
  }
  return sum;
}

/** Under which key the differences of two versions are counted. */
export const shadowKey = (name: string, shadow: number, champion: number): string =>
  `shadow/${name}/${shadow}/${champion}`;
