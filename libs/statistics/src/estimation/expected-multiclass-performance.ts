import {
  checkInteger,
  checkNotEmpty,
  checkProbabilities,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { expectedFigures, type ExpectedPerformance } from './expected-performance';

/** Means over the classes (macro); a figure that is not defined for a class counts as 0 there, as in NannyML. */
export interface ExpectedMulticlassPerformance {
  readonly rows: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly f1: number;
  /** Each class against the rest; null where it is not defined for a class. */
  readonly auc: number | null;
  readonly classes: readonly ExpectedPerformance[];
}

/**
 * {@link expectedPerformance} for several classes, each against the rest (NannyML's multiclass CBPE).
 *
 * @param calibrated for each row the calibrated probability of every class; calibrate each class against the rest and
 *   divide by the row's sum.
 * @param scores for each row the model's own probability of every class.
 * @param decided for each row the number of the class that the model decided for.
 */
export function expectedMulticlassPerformance(
  calibrated: readonly NumberList[],
  scores: readonly NumberList[],
  decided: NumberList,
): ExpectedMulticlassPerformance {
  checkNotEmpty('calibrated', calibrated);
  checkSameLength('calibrated', calibrated, 'scores', scores);
  checkSameLength('calibrated', calibrated, 'decided', decided);
  const k = calibrated[0]!.length;
  if (k < 2) throw invalidArgument('calibrated[0]', k, 'probabilities of at least two classes');
  calibrated.forEach((row, i) => checkRow(row, scores[i]!, decided[i]!, i, k));
  const classes = Array.from({ length: k }, (_, c) =>
    expectedFigures(
      Float64Array.from(calibrated, (row) => row[c]!),
      Float64Array.from(scores, (row) => row[c]!),
      (i) => decided[i] === c,
    ),
  );
  const right = calibrated.reduce((sum, row, i) => sum + row[decided[i]!]!, 0);
  const mean = (of: (figures: ExpectedPerformance) => number | null) =>
    classes.reduce((sum, figures) => sum + (of(figures) ?? 0), 0) / k;
  return {
    rows: calibrated.length,
    accuracy: right / calibrated.length,
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    specificity: mean(({ specificity }) => specificity),
    f1: mean(({ f1 }) => f1),
    auc: classes.some(({ auc }) => auc === null) ? null : mean(({ auc }) => auc),
    classes,
  };
}

function checkRow(calibrated: NumberList, scores: NumberList, decided: number, row: number, k: number): void {
  for (const [name, list] of [
    [`calibrated[${row}]`, calibrated],
    [`scores[${row}]`, scores],
  ] as const) {
    if (list.length !== k) throw invalidArgument(name, list.length, `${k} probabilities`);
    checkProbabilities(name, list);
  }
  checkInteger(`decided[${row}]`, decided);
  if (decided >= k) throw invalidArgument(`decided[${row}]`, decided, `a class below ${k}`);
}
