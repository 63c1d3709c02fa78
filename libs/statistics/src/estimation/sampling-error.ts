import {
  checkInteger,
  checkNotEmpty,
  checkSameLength,
  flagAt,
  type FlagList,
  type NumberList,
} from '../arguments/check-arguments';

/** How a figure varies from window to window by chance alone, learnt on the reference. Plain JSON. */
export interface SamplingErrorComponents {
  /** Standard deviation of one relevant row's part in the figure. */
  readonly deviation: number;
  /** Share of the rows that are relevant for the figure. */
  readonly share: number;
}

/** A figure that was estimated without labels, with its sampling error and thresholds. */
export type EstimatedFigure = 'accuracy' | 'precision' | 'recall' | 'specificity' | 'f1' | 'auc';

/**
 * The standard error of a figure in a window of `rows` rows: deviation / sqrt(rows x share), as NannyML. Null where no row
 * of the reference was relevant.
 */
export function samplingError(components: SamplingErrorComponents, rows: number): number | null {
  checkInteger('rows', rows, 1);
  return components.share === 0 ? null : components.deviation / Math.sqrt(rows * components.share);
}

/**
 * Learns {@link SamplingErrorComponents} from a reference with outcomes, as NannyML does: each row stands for 1 where the
 * decision was right and 0 where not, among the rows that the figure is about; for AUC each positive stands for the share
 * of negatives below it (of the rarer class, Mann-Whitney).
 *
 * @param decisions the model's decisions.
 * @param scores needed for 'auc'.
 */
export function samplingErrorComponents(
  figure: EstimatedFigure,
  labels: FlagList,
  decisions: FlagList,
  scores: NumberList,
): SamplingErrorComponents {
  checkNotEmpty('labels', labels);
  checkSameLength('labels', labels, 'decisions', decisions);
  checkSameLength('labels', labels, 'scores', scores);
  if (figure === 'auc') return aucComponents(labels, scores);
  const [tn, fn, fp, tp] = cellsOf(labels, decisions);
  const right = { accuracy: tp + tn, precision: tp, recall: tp, specificity: tn, f1: tp }[figure];
  const wrong = { accuracy: fp + fn, precision: fp, recall: fn, specificity: fp, f1: fp + fn }[figure];
  const relevant = right + wrong;
  const rate = relevant === 0 ? 0 : right / relevant;
  // F1 is 2 TP / (2 TP + FP + FN): a mean over TP, FP and FN, stretched by this factor.
  const stretch = figure === 'f1' && relevant > 0 ? relevant / (tp + (fp + fn) / 2) : 1;
  return { deviation: stretch * Math.sqrt(rate * (1 - rate)), share: relevant / labels.length };
}

function cellsOf(labels: FlagList, decisions: FlagList): [number, number, number, number] {
  const cells: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    cells[2 * flagAt('decisions', decisions, i) + flagAt('labels', labels, i)]! += 1;
  }
  return cells;
}

function aucComponents(labels: FlagList, scores: NumberList): SamplingErrorComponents {
  const flags = Array.from({ length: labels.length }, (_, i) => flagAt('labels', labels, i));
  const positives = flags.filter((flag) => flag === 1).length;
  const rarer = positives / flags.length > 0.5 ? 0 : 1;
  const sign = rarer === 1 ? 1 : -1;
  const order = flags.map((_, i) => i).sort((a, b) => sign * (scores[a]! - scores[b]!) || a - b);
  const total = flags.length - (rarer === 1 ? positives : flags.length - positives);
  const below: number[] = [];
  let seen = 0;
  for (const i of order) {
    if (flags[i] === rarer) below.push(seen / total);
    else seen++;
  }
  if (below.length === 0) return { deviation: 0, share: 0 };
  const mean = below.reduce((sum, part) => sum + part, 0) / below.length;
  const variance = below.reduce((sum, part) => sum + (part - mean) ** 2, 0) / below.length;
  return { deviation: Math.sqrt(variance), share: below.length / flags.length };
}
