import {
  checkInteger,
  checkNotEmpty,
  checkProbability,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { rocAuc } from './roc-auc';

/** Figures of a multiclass classifier's probabilities; null where a class is absent. */
export interface MulticlassScores {
  /** Mean of -ln(probability of the actual class), nats; probabilities are cut at 2.2e-16. */
  readonly logLoss: number;
  /** Mean over the classes of the AUC of that class against the rest, as scikit-learn `ovr`; null if one is undefined. */
  readonly aucOneVersusRest: number | null;
  /** Mean over pairs of classes, both ways, as scikit-learn `ovo` (Hand and Till 2001); null if one class is absent. */
  readonly aucOneVersusOne: number | null;
}

const SMALLEST = 2 ** -52;

/**
 * Figures of class probabilities.
 *
 * @param classes for each row the number of the actual class, 0 to k - 1.
 * @param probabilities for each row k probabilities that sum to 1 (to 1e-6), at least two classes.
 */
export function multiclassScores(
  classes: NumberList,
  probabilities: readonly NumberList[],
): MulticlassScores {
  checkNotEmpty('classes', classes);
  checkSameLength('classes', classes, 'probabilities', probabilities);
  const k = probabilities[0]!.length;
  if (k < 2) throw invalidArgument('probabilities[0]', k, 'probabilities of at least two classes');
  let loss = 0;
  probabilities.forEach((row, i) => {
    checkRow(row, i, k);
    checkInteger(`classes[${i}]`, classes[i]!);
    if (classes[i]! >= k) throw invalidArgument(`classes[${i}]`, classes[i], `a class below ${k}`);
    loss -= Math.log(Math.min(1 - SMALLEST, Math.max(SMALLEST, row[classes[i]!]!)));
  });
  return {
    logLoss: loss / classes.length,
    aucOneVersusRest: meanOrNull(range(k).map((c) => aucAmong(classes, probabilities, c, () => true))),
    aucOneVersusOne: meanOrNull(
      range(k).flatMap((a) =>
        range(k)
          .filter((b) => b !== a)
          .map((b) => aucAmong(classes, probabilities, a, (actual) => actual === a || actual === b)),
      ),
    ),
  };
}

function checkRow(row: NumberList, i: number, k: number): void {
  if (row.length !== k) throw invalidArgument(`probabilities[${i}]`, row.length, `${k} probabilities`);
  let sum = 0;
  for (let c = 0; c < k; c++) {
    checkProbability(`probabilities[${i}][${c}]`, row[c]!);
    sum += row[c]!;
  }
  if (Math.abs(sum - 1) > 1e-6)
    throw invalidArgument(`probabilities[${i}]`, sum, 'probabilities with the sum 1');
}

function aucAmong(
  classes: NumberList,
  probabilities: readonly NumberList[],
  positive: number,
  belongs: (actual: number) => boolean,
): number | null {
  const rows = range(classes.length).filter((i) => belongs(classes[i]!));
  const labels = rows.map((i) => classes[i] === positive);
  return (
    rocAuc(
      labels,
      rows.map((i) => probabilities[i]![positive]!),
    )?.value ?? null
  );
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}
