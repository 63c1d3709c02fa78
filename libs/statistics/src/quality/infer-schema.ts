import type { ColumnSummary } from '../profiles/dataset-profile';
import type { ColumnRules, DataSchema } from './data-schema';

/**
 * Proposes a schema from the summaries of a data set that is believed to be good; a person should look at it. Ranges are
 * those seen; a domain is proposed where a categorical column has at most 100 different values and none was pruned.
 */
export function inferSchema(summaries: readonly ColumnSummary[]): DataSchema {
  return { columns: summaries.map(rulesFor) };
}

const MOST_CATEGORIES = 100;

function rulesFor(summary: ColumnSummary): ColumnRules {
  const { name } = summary;
  const { rows, missing } = summary.exact;
  const minimumFraction = rows === 0 ? 0 : 1 - missing / rows;
  if (summary.kind === 'numeric') {
    const { min, max, nonFinite } = summary.exact;
    const range = min === null || max === null ? undefined : { min, max };
    return { name, kind: 'numeric', minimumFraction, range, allowInfinite: nonFinite > 0 };
  }
  const { frequent } = summary.display;
  const exact = frequent.every(({ atLeast, atMost }) => atLeast === atMost);
  const domain = exact && frequent.length <= MOST_CATEGORIES ? frequent.map(({ value }) => value) : undefined;
  return { name, kind: 'categorical', minimumFraction, domain };
}
