import { figure } from '../../parts/format';
import type {
  ColumnValue,
  ContributionAnswer,
  CounterfactualAnswer,
  PredictionExplanationAnswer,
} from './explanation-answers';

/** Bars that fit one picture; the columns that did least are shown together. */
const MOST_BARS = 14;

export const valueText = (value: ColumnValue): string =>
  value === null
    ? 'missing'
    : typeof value === 'number'
      ? String(Number(value.toPrecision(6)))
      : String(value);

/** A contribution with its sign: what speaks for the positive class has a plus. */
export const signed = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${value < 0 ? '−' : '+'}${figure(Math.abs(value), 4)}`;

/** What did most first. */
export const byWeight = (contributions: readonly ContributionAnswer[]): ContributionAnswer[] =>
  contributions.toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));

/** A bar each, the greatest first; what fits no more is summed up in one. */
export function barsOf(contributions: readonly ContributionAnswer[]): { label: string; value: number }[] {
  const sorted = byWeight(contributions);
  const shown = sorted.length > MOST_BARS ? sorted.slice(0, MOST_BARS - 1) : sorted;
  const rest = sorted.slice(shown.length);
  return [
    ...shown.map(({ column, value, contribution }) => ({
      label: `${column} = ${valueText(value)}`,
      value: contribution,
    })),
    ...(rest.length > 0
      ? [
          {
            label: `${rest.length} others`,
            value: rest.reduce((sum, { contribution }) => sum + contribution, 0),
          },
        ]
      : []),
  ];
}

/** In what contributions are counted. */
export const unitsText = ({ units, classes }: PredictionExplanationAnswer): string =>
  `${units === 'log_odds' ? 'log-odds' : 'probability'} of ${classes[1] ?? 'the positive class'}`;

const METHODS: Readonly<Record<string, string>> = {
  tree_shap: 'exact Shapley values of the trees (path-dependent TreeSHAP)',
  linear_shap: 'exact Shapley values of the linear score',
};

export const methodText = (method: string): string => METHODS[method] ?? method;

/** A change of columns in words. */
export const changesText = ({ changes }: CounterfactualAnswer): string =>
  changes
    .map(({ column, from, to }) => `${column} ${valueText(to)} instead of ${valueText(from)}`)
    .join(' and ');
