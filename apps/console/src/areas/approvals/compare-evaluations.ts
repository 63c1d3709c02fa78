import type { EvaluationAnswer, GroupAnswer } from '@steward/client/answers';

/** A figure of both models. */
export interface ComparedFigure {
  readonly name: string;
  readonly candidate: number | null;
  readonly champion: number | null;
  /** Candidate less champion, where both were measured. */
  readonly difference: number | null;
  readonly verdict: 'better' | 'worse' | 'same' | 'unknown';
}

/** Of these a smaller one is better. */
const SMALLER_IS_BETTER = /log loss|brier|error|difference|false/i;
/** Differences below this are not worth a word. */
const SAME = 0.0005;

export function comparedFigure(
  name: string,
  candidate: number | null | undefined,
  champion: number | null | undefined,
): ComparedFigure {
  const both = { name, candidate: candidate ?? null, champion: champion ?? null };
  if (both.candidate === null || both.champion === null)
    return { ...both, difference: null, verdict: 'unknown' };
  const difference = both.candidate - both.champion;
  if (Math.abs(difference) < SAME) return { ...both, difference, verdict: 'same' };
  const smaller = SMALLER_IS_BETTER.test(name);
  return { ...both, difference, verdict: difference < 0 === smaller ? 'better' : 'worse' };
}

const FIGURES: readonly (readonly [string, (of: EvaluationAnswer) => number | null | undefined])[] = [
  ['AUC', ({ holdOut }) => holdOut.auc?.value],
  ['Log loss', ({ holdOut }) => holdOut.logLoss.value],
  ['Brier score', ({ holdOut }) => holdOut.brier.value],
  ['Calibration error', ({ holdOut }) => holdOut.calibration.expectedError],
  ['Accuracy', ({ holdOut }) => holdOut.rates.accuracy?.value],
  ['Precision', ({ holdOut }) => holdOut.rates.precision?.value],
  ['Recall', ({ holdOut }) => holdOut.rates.recall?.value],
  ['False positive rate', ({ holdOut }) => holdOut.rates.falsePositiveRate?.value],
  ['Demographic parity ratio', ({ fairness }) => fairness.demographicParityRatio],
];

/** The figures of both evaluations, each on its own hold-out. What neither measured is left out. */
export function compareFigures(
  candidate: EvaluationAnswer,
  champion: EvaluationAnswer | null,
): ComparedFigure[] {
  return FIGURES.map(([name, of]) => comparedFigure(name, of(candidate), champion && of(champion))).filter(
    (each) => each.candidate !== null || each.champion !== null,
  );
}

/** How a group fares under both models. */
export interface ComparedGroup {
  readonly group: string;
  readonly rows: number;
  readonly candidate: GroupAnswer | null;
  readonly champion: GroupAnswer | null;
}

const nameOf = ({ labels }: GroupAnswer): string =>
  Object.entries(labels)
    .map(([column, value]) => `${column} ${value ?? 'unknown'}`)
    .join(', ');

/** Groups by a sensitive column, those of either model. */
export function compareGroups(
  column: string,
  candidate: EvaluationAnswer,
  champion: EvaluationAnswer | null,
): ComparedGroup[] {
  const groupsOf = (of: EvaluationAnswer | null) =>
    of?.fairness.holdOutAndOutOfFold.find((each) => each.column === column)?.report.groups ?? [];
  const [mine, theirs] = [groupsOf(candidate), groupsOf(champion)];
  return [...new Set([...mine, ...theirs].map(nameOf))].map((group) => {
    const own = mine.find((each) => nameOf(each) === group) ?? null;
    const other = theirs.find((each) => nameOf(each) === group) ?? null;
    return { group, rows: (own ?? other)!.rows, candidate: own, champion: other };
  });
}

export const sensitiveColumns = (of: EvaluationAnswer): string[] =>
  of.fairness.holdOutAndOutOfFold.map(({ column }) => column);
