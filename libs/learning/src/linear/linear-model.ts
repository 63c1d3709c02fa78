/** A fitted linear model over a dense numeric row: score_k = intercept_k + sum_j weight_kj * x_j. */
export interface LinearModel {
  readonly features: number;
  readonly outputs: number;
  /** Row-major [outputs, features]. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly link: 'identity' | 'logistic' | 'softmax' | 'exp';
}
