/** Upper limits of the cells in which scores are counted: tenths. */
export const SCORE_CELLS = 10;

/** What one side of a comparison did, in numbers that only grow. */
export interface ServingCounts {
  readonly requests: number;
  /** Requests that the engine failed. */
  readonly failed: number;
  /** Requests that took longer than the gate's limit. */
  readonly slow: number;
  /** Scores by tenths, one row a request: rows of one request are no independent draws. */
  readonly scores: readonly number[];
}

export interface OutcomeCounts {
  readonly outcomes: number;
  readonly wrong: number;
}

export interface DecisionCounts {
  readonly rows: number;
  readonly favourable: number;
}

export interface GroupCounts {
  readonly column: string;
  /** From 1, by first sight: the k-th group may cost less of the error rate than the one before. */
  readonly ordinal: number;
  readonly canary: DecisionCounts;
  readonly champion: DecisionCounts;
}

/** What inference itself counts. */
export interface ServingEvidence {
  readonly canary: ServingCounts;
  readonly champion: ServingCounts;
  /** Requests of the canary that the champion scored too, one row each, and on how many the labels differ. */
  readonly compared: { readonly rows: number; readonly disagreed: number };
}

/** What monitoring counts, because it joins outcomes and may read groups. */
export interface ObservedEvidence {
  readonly canary: OutcomeCounts;
  readonly champion: OutcomeCounts;
  readonly groups: readonly GroupCounts[];
}

/** All that is known of one step. */
export interface Evidence {
  readonly serving: ServingEvidence;
  readonly observed: ObservedEvidence;
}

const noServing = (): ServingCounts => ({
  requests: 0,
  failed: 0,
  slow: 0,
  scores: Array.from({ length: SCORE_CELLS }, () => 0),
});

export const NO_SERVING: ServingEvidence = {
  canary: noServing(),
  champion: noServing(),
  compared: { rows: 0, disagreed: 0 },
};
export const NO_OBSERVED: ObservedEvidence = {
  canary: { outcomes: 0, wrong: 0 },
  champion: { outcomes: 0, wrong: 0 },
  groups: [],
};

/** The counts of several processes together. */
export function sumServing(all: readonly ServingEvidence[]): ServingEvidence {
  return all.reduce(
    (sum, one) => ({
      canary: add(sum.canary, one.canary),
      champion: add(sum.champion, one.champion),
      compared: {
        rows: sum.compared.rows + one.compared.rows,
        disagreed: sum.compared.disagreed + one.compared.disagreed,
      },
    }),
    NO_SERVING,
  );
}

function add(a: ServingCounts, b: ServingCounts): ServingCounts {
  return {
    requests: a.requests + b.requests,
    failed: a.failed + b.failed,
    slow: a.slow + b.slow,
    scores: a.scores.map((count, cell) => count + (b.scores[cell] ?? 0)),
  };
}
