import { checkProbability } from '../arguments/check-arguments';
import type { CategoricalSummary } from '../profiles/categorical-profile';
import type { ColumnSummary } from '../profiles/dataset-profile';
import type { NumericSummary } from '../profiles/numeric-profile';
import type { Anomaly, AnomalyCode, ColumnRules, DataSchema } from './data-schema';

/**
 * Holds the summaries of a data set against a schema: new and missing columns, changed types, too few values, values out of
 * range, infinities, unexpected categories, too few or too many different values, too few or too many rows. Counts are
 * exact, except that different values are estimated, and that a categorical column of more than 256 different values names
 * only the frequent unexpected ones.
 */
export function findAnomalies(summaries: readonly ColumnSummary[], schema: DataSchema): Anomaly[] {
  const found = new Map(summaries.map((summary) => [summary.name, summary]));
  const known = new Set(schema.columns.map(({ name }) => name));
  const rows = Math.max(0, ...summaries.map((summary) => summary.exact.rows));
  return [
    ...rowAnomalies(rows, schema),
    ...summaries
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => anomaly('SCHEMA_NEW_COLUMN', name, 'The schema has no such column.')),
    ...schema.columns.flatMap((rules) => columnAnomalies(rules, found.get(rules.name))),
  ];
}

function rowAnomalies(rows: number, { rows: bounds }: DataSchema): Anomaly[] {
  const list: Anomaly[] = [];
  if (bounds?.min !== undefined && rows < bounds.min) {
    list.push(
      anomaly('DATASET_LOW_NUM_EXAMPLES', null, `${rows} rows; at least ${bounds.min} are expected.`),
    );
  }
  if (bounds?.max !== undefined && rows > bounds.max) {
    list.push(
      anomaly('DATASET_HIGH_NUM_EXAMPLES', null, `${rows} rows; at most ${bounds.max} are expected.`),
    );
  }
  return list;
}

function columnAnomalies(rules: ColumnRules, summary: ColumnSummary | undefined): Anomaly[] {
  const { name } = rules;
  if (summary === undefined) return [anomaly('SCHEMA_MISSING_COLUMN', name, 'The data have no such column.')];
  if (summary.kind !== rules.kind) {
    return [anomaly('UNEXPECTED_DATA_TYPE', name, `The column is ${summary.kind}; expected ${rules.kind}.`)];
  }
  const list = presenceAnomalies(rules, summary);
  if (summary.kind === 'numeric') list.push(...numericAnomalies(rules, summary));
  else list.push(...domainAnomalies(rules, summary));
  return [...list, ...uniqueAnomalies(rules, summary.display.distinct)];
}

function presenceAnomalies(
  rules: ColumnRules,
  { exact: { rows, missing, wrongType } }: ColumnSummary,
): Anomaly[] {
  const list: Anomaly[] = [];
  const { name, minimumFraction = 0 } = rules;
  checkProbability(`${name}.minimumFraction`, minimumFraction);
  if (wrongType > 0) {
    list.push(anomaly('UNEXPECTED_DATA_TYPE', name, `${wrongType} of ${rows} values are not ${rules.kind}.`));
  }
  if (minimumFraction > 0 && missing === rows) {
    list.push(anomaly('FEATURE_TYPE_NOT_PRESENT', name, `None of ${rows} rows has a value.`));
  } else if (rows - missing < minimumFraction * rows * (1 - 1e-12)) {
    const message = `${rows - missing} of ${rows} rows have a value; expected a share of at least ${minimumFraction}.`;
    list.push(anomaly('FEATURE_TYPE_LOW_FRACTION_PRESENT', name, message));
  }
  return list;
}

function numericAnomalies(
  { name, range, allowInfinite = false }: ColumnRules,
  summary: NumericSummary,
): Anomaly[] {
  const list: Anomaly[] = [];
  const { min, max, nonFinite } = summary.exact;
  if (range?.min !== undefined && min !== null && min < range.min) {
    list.push(
      anomaly(
        'FLOAT_TYPE_SMALL_FLOAT',
        name,
        `The smallest value is ${min}; expected at least ${range.min}.`,
      ),
    );
  }
  if (range?.max !== undefined && max !== null && max > range.max) {
    list.push(
      anomaly('FLOAT_TYPE_BIG_FLOAT', name, `The largest value is ${max}; expected at most ${range.max}.`),
    );
  }
  if (!allowInfinite && nonFinite > 0) {
    list.push(anomaly('FLOAT_TYPE_HAS_INF', name, `${nonFinite} values are infinite.`));
  }
  return list;
}

function domainAnomalies(rules: ColumnRules, { exact, display }: CategoricalSummary): Anomaly[] {
  const { name, domain, minimumDomainMass = 1 } = rules;
  if (domain === undefined) return [];
  checkProbability(`${name}.minimumDomainMass`, minimumDomainMass);
  const allowed = new Set(domain);
  const unexpected = display.frequent.filter(({ value }) => !allowed.has(value));
  const count = unexpected.reduce((sum, { atLeast }) => sum + atLeast, 0);
  const present = exact.rows - exact.missing;
  if (count === 0 || count <= (1 - minimumDomainMass) * present * (1 + 1e-12)) return [];
  const shown = unexpected.slice(0, 5).map(({ value }) => JSON.stringify(value.slice(0, 80)));
  const message = `${count} of ${present} values lie outside the domain: ${shown.join(', ')}.`;
  return [anomaly('ENUM_TYPE_UNEXPECTED_STRING_VALUES', name, message)];
}

function uniqueAnomalies({ name, unique }: ColumnRules, distinct: number | null): Anomaly[] {
  if (unique === undefined || distinct === null) return [];
  const list: Anomaly[] = [];
  if (unique.min !== undefined && distinct < unique.min) {
    const message = `About ${distinct} different values; expected at least ${unique.min}.`;
    list.push(anomaly('FEATURE_TYPE_LOW_UNIQUE', name, message));
  }
  if (unique.max !== undefined && distinct > unique.max) {
    const message = `About ${distinct} different values; expected at most ${unique.max}.`;
    list.push(anomaly('FEATURE_TYPE_HIGH_UNIQUE', name, message));
  }
  return list;
}

function anomaly(code: AnomalyCode, column: string | null, message: string): Anomaly {
  return { code, column, message };
}
