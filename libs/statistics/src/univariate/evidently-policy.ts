import { checkNotEmpty, type NumberList } from '../arguments/check-arguments';
import { chiSquareUpperTail } from '../distributions/chi-square';
import { jensenShannonDistance } from '../drift/divergences';
import { kolmogorovSmirnov } from './kolmogorov-smirnov';
import { proportionsZ } from './proportions';
import { wassersteinDistance } from './wasserstein';

/** What Evidently's default policy says of one column. */
export interface EvidentlyVerdict {
  readonly test: 'ks' | 'chisquare' | 'z' | 'wasserstein' | 'jensenshannon';
  /** A p-value for the first three, a distance for the others. */
  readonly score: number;
  readonly threshold: number;
  readonly drifted: boolean;
}

const SMALL_REFERENCE = 1000;
const FEW_VALUES = 5;

/**
 * Evidently's default drift test of a numeric column (0.7): with a reference of at most 1,000 values KS with p <= 0.05,
 * with a larger one Wasserstein divided by the reference's standard deviation >= 0.1; a column of at most 5 different
 * values goes by {@link evidentlyCategorical}.
 *
 * Offered for comparison and for those who move over. It is not Steward's default: it has no correction for the number of
 * columns and windows, proves or measures but never both, and from 1,001 rows on judges distance without evidence.
 */
export function evidentlyNumeric(reference: NumberList, current: NumberList): EvidentlyVerdict {
  checkNotEmpty('reference', reference);
  checkNotEmpty('current', current);
  if (new Set([...Array.from(reference), ...Array.from(current)]).size <= FEW_VALUES) {
    return evidentlyCategorical(Array.from(reference, String), Array.from(current, String));
  }
  if (reference.length <= SMALL_REFERENCE) {
    const { pValue } = kolmogorovSmirnov(reference, current);
    return { test: 'ks', score: pValue, threshold: 0.05, drifted: pValue <= 0.05 };
  }
  const { normalised } = wassersteinDistance(reference, current);
  return { test: 'wasserstein', score: normalised, threshold: 0.1, drifted: normalised >= 0.1 };
}

/**
 * Evidently's default drift test of a categorical column: with a reference of at most 1,000 values chi-square of the
 * current counts against the reference's shares taken for the truth, p < 0.05 (z-test for at most two values); with a
 * larger one Jensen-Shannon distance (base e) >= 0.1.
 */
export function evidentlyCategorical(
  reference: readonly string[],
  current: readonly string[],
): EvidentlyVerdict {
  checkNotEmpty('reference', reference);
  checkNotEmpty('current', current);
  const keys = [...new Set([...reference, ...current])];
  const before = countsOf(reference, keys);
  const now = countsOf(current, keys);
  if (reference.length > SMALL_REFERENCE) {
    const { value } = jensenShannonDistance(before, now, Math.E);
    return { test: 'jensenshannon', score: value, threshold: 0.1, drifted: value >= 0.1 };
  }
  if (keys.length > 2) {
    const p = goodnessOfFit(before, now, reference.length, current.length);
    return { test: 'chisquare', score: p, threshold: 0.05, drifted: p < 0.05 };
  }
  return zTest(reference, current);
}

function countsOf(values: readonly string[], keys: readonly string[]): Float64Array {
  const places = new Map(keys.map((key, i) => [key, i]));
  const counts = new Float64Array(keys.length);
  for (const value of values) counts[places.get(value)!]! += 1;
  return counts;
}

/** One-sample chi-square: an empty reference cell makes the statistic infinite and p = 0. */
function goodnessOfFit(before: Float64Array, now: Float64Array, n: number, m: number): number {
  let statistic = 0;
  for (let i = 0; i < before.length; i++) {
    const expected = (before[i]! * m) / n;
    statistic += (now[i]! - expected) ** 2 / expected;
  }
  return before.length < 2 ? 1 : chiSquareUpperTail(statistic, before.length - 1);
}

function zTest(reference: readonly string[], current: readonly string[]): EvidentlyVerdict {
  const [first] = reference;
  const share = (values: readonly string[]) => ({
    successes: values.filter((value) => value === first).length,
    trials: values.length,
  });
  const { pValue } = proportionsZ(share(reference), share(current));
  return { test: 'z', score: pValue, threshold: 0.05, drifted: pValue < 0.05 };
}
