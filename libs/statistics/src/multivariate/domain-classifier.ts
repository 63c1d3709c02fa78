import {
  checkInteger,
  checkNotEmpty,
  checkSameLength,
  invalidArgument,
  type NumberList,
} from '../arguments/check-arguments';
import { rocAuc, type AucEstimate } from '../performance/roc-auc';

/** Any learner of a yes or no; `libs/learning` has some. */
export interface ClassifierPort {
  fit(
    rows: readonly NumberList[],
    labels: Uint8Array,
  ): { /** Larger for label 1. */ predict(rows: readonly NumberList[]): Float64Array };
}

/**
 * Domain classifier (NannyML, Evidently): can a learner tell reference rows from current ones? Cross-validated: row i is
 * scored by a learner that was fitted without the rows of part i mod `folds`. An AUC of 0.5 says that it cannot; its
 * interval (DeLong) says how sure that is. Customary alarm: 0.55 to 0.65, here by {@link judgeInterval}.
 *
 * @param folds default 5.
 */
export function domainClassifier(
  reference: readonly NumberList[],
  current: readonly NumberList[],
  classifier: ClassifierPort,
  folds = 5,
): AucEstimate {
  checkNotEmpty('reference', reference);
  checkNotEmpty('current', current);
  checkInteger('folds', folds, 2);
  if (Math.min(reference.length, current.length) < folds) {
    throw invalidArgument('folds', folds, 'at most the rows of the smaller side');
  }
  const rows = [...reference, ...current];
  const labels = Uint8Array.from(rows, (_, i) => Number(i >= reference.length));
  // The part follows from the place within the own side, so that every part holds both.
  const part = (i: number) => (i < reference.length ? i : i - reference.length) % folds;
  const scores = new Float64Array(rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside = rows.map((_, i) => i).filter((i) => part(i) === fold);
    const outside = rows.map((_, i) => i).filter((i) => part(i) !== fold);
    const model = classifier.fit(
      outside.map((i) => rows[i]!),
      Uint8Array.from(outside, (i) => labels[i]!),
    );
    const found = model.predict(inside.map((i) => rows[i]!));
    checkSameLength('rows of the fold', inside, 'predicted scores', found);
    inside.forEach((i, k) => (scores[i] = found[k]!));
  }
  return rocAuc(labels, scores)!;
}
