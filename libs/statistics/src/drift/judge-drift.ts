import { checkInteger, checkLevel, checkPositive, invalidArgument } from '../arguments/check-arguments';
import { rateOrNull } from '../intervals/rate-intervals';
import { holm } from '../multiplicity/holm';
import type { BinCounts } from '../reference/bin-counts';
import type { ColumnCounts } from '../reference/column-counter';
import { referenceDigest } from '../reference/parse-reference';
import type { ReferenceColumn, ReferenceProfile } from '../reference/reference-profile';
import { worstVerdict, type Verdict } from '../verdicts/verdict';
import { compareCells } from './compare-cells';
import { jensenShannonOfCounts, populationStabilityIndex } from './divergences';
import type { ColumnDrift, DriftPolicy, DriftReport } from './drift-report';
import { twoSampleChiSquare } from './two-sample-chi-square';

/** The alert rule of the loop: a shift must be large *and* proved. */
export const DEFAULT_DRIFT_POLICY: DriftPolicy = {
  psi: 0.2,
  significance: 0.001,
  minimumRows: 200,
  minimumReferenceRows: 100,
};

/**
 * Judges a window against its reference. A column alarms if its PSI (0.5 added to every count on both sides) reaches
 * `policy.psi` and the two-sample chi-square test over the same cells has a Holm-corrected p-value below
 * `policy.significance`. A missing value is a cell like any other. Columns with too few values get `not_enough_data`; in
 * Holm's correction they still count, with p = 1, so that a column's verdict does not hang on which others were full.
 *
 * Rests on integers only: the same counts give the same report to the last bit, however the stream was cut.
 *
 * @throws AppError when the counts were taken against another reference, or the policy names an unknown column.
 */
export function judgeDrift(
  reference: ReferenceProfile,
  counts: BinCounts,
  policy: Partial<DriftPolicy> = {},
): DriftReport {
  const full: DriftPolicy = { ...DEFAULT_DRIFT_POLICY, ...policy };
  checkPolicy(full);
  if (referenceDigest(reference) !== referenceDigest(counts.reference)) {
    throw invalidArgument(
      'counts',
      counts.reference.columns.length,
      'counts that were taken against this reference',
    );
  }
  const measured = chosenColumns(reference, full).map((column) => {
    const current = counts.column(column.name).snapshot();
    return { enough: isEnough(column, current, full), measures: measure(column, current) };
  });
  const adjusted = holm(measured.map(({ enough, measures }) => (enough ? measures.chiSquare.pValue : 1)));
  const columns = measured.map(({ enough, measures }, i): ColumnDrift => {
    const shifted = measures.psi >= full.psi && adjusted[i]! < full.significance;
    const verdict: Verdict = enough ? (shifted ? 'alert' : 'no_alert') : 'not_enough_data';
    return { ...measures, verdict, adjustedPValue: adjusted[i]! };
  });
  columns.sort(worstFirst);
  return { verdict: worstVerdict(columns.map((column) => column.verdict)), policy: full, columns };
}

function checkPolicy(policy: DriftPolicy): void {
  checkPositive('policy.psi', policy.psi);
  checkLevel('policy.significance', policy.significance);
  checkInteger('policy.minimumRows', policy.minimumRows, 1);
  checkInteger('policy.minimumReferenceRows', policy.minimumReferenceRows, 1);
}

function chosenColumns(reference: ReferenceProfile, policy: DriftPolicy): readonly ReferenceColumn[] {
  if (policy.columns === undefined) return reference.columns;
  return [...new Set(policy.columns)].map((name) => {
    const column = reference.columns.find((candidate) => candidate.name === name);
    if (column === undefined)
      throw invalidArgument('policy.columns', name, 'names of columns of the reference');
    return column;
  });
}

function isEnough(column: ReferenceColumn, current: ColumnCounts, policy: DriftPolicy): boolean {
  return current.rows >= policy.minimumRows && column.rows >= policy.minimumReferenceRows;
}

function measure(column: ReferenceColumn, current: ColumnCounts) {
  const before = [...column.counts, column.missing];
  const now = [...current.counts, current.missing];
  const psi = populationStabilityIndex(before, now);
  const jensenShannon = jensenShannonDistanceOrZero(before, now, column.rows + current.rows);
  const { statistic, degreesOfFreedom, pValue, pooledCells } = twoSampleChiSquare(before, now);
  return {
    name: column.name,
    kind: column.kind,
    referenceRows: column.rows,
    rows: current.rows,
    psi: psi.value,
    jensenShannon: jensenShannon.value,
    chiSquare: { statistic, degreesOfFreedom, pValue, cells: pooledCells },
    cells: compareCells(column, current, psi.contributions, jensenShannon.contributions),
    missing: rateOrNull(current.missing, current.rows),
    referenceMissing: rateOrNull(column.missing, column.rows),
    outOfRange: rateOrNull(current.outOfRange, current.rows),
    wrongType: current.wrongType,
  };
}

/** Where neither side has a row there is nothing to compare, and the distance is 0. */
function jensenShannonDistanceOrZero(before: number[], now: number[], rows: number) {
  return rows === 0
    ? { value: 0, contributions: new Float64Array(before.length) }
    : jensenShannonOfCounts(before, now);
}

function worstFirst(a: ColumnDrift, b: ColumnDrift): number {
  const alarm = Number(b.verdict === 'alert') - Number(a.verdict === 'alert');
  return alarm || b.psi - a.psi || (a.name < b.name ? -1 : 1);
}
