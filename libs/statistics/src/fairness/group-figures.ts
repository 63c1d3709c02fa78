import type { RateEstimate } from '../intervals/estimate';
import { rateOrNull } from '../intervals/rate-intervals';
import { invalidArgument } from '../arguments/check-arguments';
import type { GroupCells, GroupOutcomesSnapshot } from './group-outcomes';

/** What is enough data to compare a group. */
export interface FairnessMinimums {
  /** Rows of a group. Default 30. */
  readonly rows: number;
  /** Rows of a group with the favourable and, as many again, with the unfavourable outcome. Default 10. */
  readonly perOutcome: number;
}

/**
 * The figures of one group. `positive` is the favourable outcome: the selection rate is the share that got the
 * favourable decision, the true positive rate the share of those with a favourable outcome who got it. Rates have Wilson
 * intervals and are null where their denominator is 0.
 */
export interface GroupFigures {
  /** Attribute to label; null is unknown. Empty for the figures of all rows. */
  readonly labels: Readonly<Record<string, string | null>>;
  readonly rows: number;
  /** Rows whose outcome is known. */
  readonly rowsWithOutcome: number;
  /** Whether the group is compared by its decisions: enough rows, all labels known. */
  readonly enoughRows: boolean;
  /** Whether it is compared by its errors too: enough rows with an outcome, and enough of each outcome. */
  readonly enoughOutcomes: boolean;
  readonly selectionRate: RateEstimate | null;
  readonly truePositiveRate: RateEstimate | null;
  readonly falsePositiveRate: RateEstimate | null;
  readonly falseNegativeRate: RateEstimate | null;
  readonly trueNegativeRate: RateEstimate | null;
  readonly positivePredictiveValue: RateEstimate | null;
  readonly negativePredictiveValue: RateEstimate | null;
  readonly accuracy: RateEstimate | null;
  /** Share with the favourable outcome. */
  readonly baseRate: RateEstimate | null;
}

/** Adds up the groups that differ only in attributes other than `by`. */
export function groupsBy(snapshot: GroupOutcomesSnapshot, by: readonly string[]): GroupCells[] {
  const positions = by.map((name) => {
    const position = snapshot.attributes.indexOf(name);
    if (position < 0)
      throw invalidArgument('by', name, `one of the attributes ${snapshot.attributes.join(', ')}`);
    return position;
  });
  const groups = new Map<string, GroupCells>();
  for (const group of snapshot.groups) {
    const labels = positions.map((position) => group.labels[position] ?? null);
    const key = JSON.stringify(labels);
    groups.set(key, addCells({ ...group, labels }, groups.get(key)));
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function addCells(group: GroupCells, more: GroupCells | undefined): GroupCells {
  if (more === undefined) return group;
  return {
    labels: group.labels,
    rows: group.rows + more.rows,
    selected: group.selected + more.selected,
    truePositives: group.truePositives + more.truePositives,
    falsePositives: group.falsePositives + more.falsePositives,
    falseNegatives: group.falseNegatives + more.falseNegatives,
    trueNegatives: group.trueNegatives + more.trueNegatives,
  };
}

/** The rates of one group. */
export function figuresOf(
  group: GroupCells,
  by: readonly string[],
  minimums: FairnessMinimums,
  confidence: number,
): GroupFigures {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = group;
  const rate = (successes: number, trials: number) => rateOrNull(successes, trials, confidence);
  const rowsWithOutcome = tp + fp + fn + tn;
  const known = group.labels.every((label) => label !== null);
  return {
    labels: Object.fromEntries(by.map((name, i) => [name, group.labels[i] ?? null])),
    rows: group.rows,
    rowsWithOutcome,
    enoughRows: known && group.rows >= minimums.rows,
    enoughOutcomes:
      known && rowsWithOutcome >= minimums.rows && Math.min(tp + fn, fp + tn) >= minimums.perOutcome,
    selectionRate: rate(group.selected, group.rows),
    truePositiveRate: rate(tp, tp + fn),
    falsePositiveRate: rate(fp, fp + tn),
    falseNegativeRate: rate(fn, tp + fn),
    trueNegativeRate: rate(tn, fp + tn),
    positivePredictiveValue: rate(tp, tp + fp),
    negativePredictiveValue: rate(tn, tn + fn),
    accuracy: rate(tp + tn, rowsWithOutcome),
    baseRate: rate(tp + fn, rowsWithOutcome),
  };
}
