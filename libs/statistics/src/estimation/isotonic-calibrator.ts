import {
  checkAllFinite,
  checkEdges,
  checkNotEmpty,
  checkProbabilities,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';

/** A fitted calibrator as plain JSON: corners of a line that never falls. */
export interface IsotonicCalibratorState {
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

/**
 * Isotonic calibration: the non-decreasing function of the score that is nearest to the outcomes in squares (pool adjacent
 * violators), with straight lines between its corners and constant beyond them; as scikit-learn's
 * `IsotonicRegression(out_of_bounds='clip')`.
 */
export class IsotonicCalibrator {
  private constructor(
    private readonly scores: Float64Array,
    private readonly probabilities: Float64Array,
  ) {}

  /** Fits on scores whose outcome is known, which the model was not fitted on. */
  static fit(labels: FlagList, scores: NumberList): IsotonicCalibrator {
    checkNotEmpty('labels', labels);
    checkSameLength('labels', labels, 'scores', scores);
    checkAllFinite('scores', scores);
    const blocks = poolViolators(meansByScore(labels, scores));
    const corners: [number, number][] = [];
    for (const { first, last, mean } of blocks) {
      corners.push([first, mean]);
      if (last > first) corners.push([last, mean]);
    }
    return new IsotonicCalibrator(
      Float64Array.from(corners, ([score]) => score),
      Float64Array.from(corners, ([, probability]) => probability),
    );
  }

  /** The calibrated probability of a score. */
  calibrate(score: number): number {
    const { scores, probabilities } = this;
    if (score <= scores[0]!) return probabilities[0]!;
    if (score >= scores.at(-1)!) return probabilities.at(-1)!;
    let low = 0;
    let high = scores.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (scores[middle]! <= score) low = middle;
      else high = middle;
    }
    const part = (score - scores[low]!) / (scores[high]! - scores[low]!);
    return probabilities[low]! + part * (probabilities[high]! - probabilities[low]!);
  }

  calibrateAll(scores: NumberList): Float64Array {
    checkAllFinite('scores', scores);
    return Float64Array.from({ length: scores.length }, (_, i) => this.calibrate(scores[i]!));
  }

  toJSON(): IsotonicCalibratorState {
    return { scores: Array.from(this.scores), probabilities: Array.from(this.probabilities) };
  }

  static parse({ scores, probabilities }: IsotonicCalibratorState): IsotonicCalibrator {
    checkNotEmpty('scores', scores);
    checkSameLength('scores', scores, 'probabilities', probabilities);
    checkEdges('scores', scores);
    checkProbabilities('probabilities', probabilities);
    return new IsotonicCalibrator(Float64Array.from(scores), Float64Array.from(probabilities));
  }
}

interface Block {
  first: number;
  last: number;
  mean: number;
  weight: number;
}

function meansByScore(labels: FlagList, scores: NumberList): Block[] {
  const order = Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: Block[] = [];
  for (const i of order) {
    const label = flagAt('labels', labels, i);
    const last = blocks.at(-1);
    if (last !== undefined && last.first === scores[i]) {
      last.weight++;
      last.mean += (label - last.mean) / last.weight;
    } else blocks.push({ first: scores[i]!, last: scores[i]!, mean: label, weight: 1 });
  }
  return blocks;
}

function poolViolators(blocks: readonly Block[]): Block[] {
  const pooled: Block[] = [];
  for (const block of blocks) {
    let next = { ...block };
    while (pooled.length > 0 && pooled.at(-1)!.mean >= next.mean) {
      const before = pooled.pop()!;
      const weight = before.weight + next.weight;
      const mean = (before.mean * before.weight + next.mean * next.weight) / weight;
      next = { first: before.first, last: next.last, mean, weight };
    }
    pooled.push(next);
  }
  return pooled;
}
