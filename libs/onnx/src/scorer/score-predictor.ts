/** Computes the scores of a dense row, before the link. */
export interface ScorePredictor {
  /** Writes one score per output to `out` from `outAt` on, for the dense row that starts at `at`. */
  scores(dense: Float64Array, at: number, out: Float64Array, outAt: number): void;
}
