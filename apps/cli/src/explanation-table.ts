import { count, figure } from './format';
import { table } from './table';

/** A value of a column; null: missing. */
type Value = number | string | boolean | null;

/** An explained row as inference answers it. */
export interface ExplainedRow {
  readonly prediction: string;
  readonly held: boolean;
  readonly label: string;
  readonly probability: number | null;
  readonly margin: number | null;
  readonly contributions: readonly {
    readonly column: string;
    readonly value: Value;
    readonly contribution: number;
  }[];
  readonly counterfactuals?: {
    readonly complete: boolean;
    readonly found: readonly {
      readonly changes: readonly { readonly column: string; readonly from: Value; readonly to: Value }[];
      readonly label: string;
      readonly probability: number;
    }[];
  };
}

export interface Explanation {
  readonly model: string;
  readonly version: number;
  /** [negative, positive]. */
  readonly classes: readonly string[];
  readonly method: string;
  readonly units: 'log_odds' | 'probability';
  readonly calibrated: boolean;
  readonly base: number;
  readonly base_rows: number;
  readonly rows: readonly ExplainedRow[];
}

/** Characters of the longest bar, to either side of the middle. */
const HALF = 12;

/** A row of an explanation for people: what was decided, and each column's part in it, the greatest first. */
export function explanationText(explanation: Explanation, row: ExplainedRow): string {
  const { model, version, classes } = explanation;
  const head = `${row.prediction}: ${model} version ${version}`;
  if (row.held) return `${head} leaves this row to a person; there is nothing to explain.`;
  const positive = classes[1] ?? '';
  const decided = `${head} says ${row.label}: ${positive} has a probability of ${figure(row.probability, 4)}.`;
  const greatest = Math.max(...row.contributions.map(({ contribution }) => Math.abs(contribution)), 0);
  const parts = row.contributions
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map(({ column, value, contribution }) => [
      column,
      value === null ? 'missing' : String(value),
      signed(contribution),
      bar(contribution, greatest),
    ]);
  const sums = [
    [`expected over ${count(explanation.base_rows)} training rows`, '', signed(explanation.base), ''],
    ['margin (the sum)', '', signed(row.margin ?? 0), ''],
  ];
  const units = explanation.units === 'log_odds' ? `log-odds of ${positive}` : `probability of ${positive}`;
  const note = explanation.calibrated ? ' The probability is calibrated from it.' : '';
  return [
    decided,
    table(['column', 'value', 'contribution', `towards ${positive} ->`], [...parts, ...sums], ''),
    `Contributions are in ${units}.${note}`,
    ...counterfactualLines(row),
  ].join('\n');
}

function counterfactualLines({ counterfactuals }: ExplainedRow): string[] {
  if (!counterfactuals) return [];
  const { complete, found } = counterfactuals;
  const lines = found.map(({ changes, label, probability }) => {
    const said = changes.map(({ column, from, to }) => `${column} ${shown(to)} instead of ${shown(from)}`);
    return `It would be ${label} (${figure(probability, 4)}) with ${said.join(' and ')}.`;
  });
  if (lines.length === 0) lines.push('No allowed change was found that turns the decision.');
  return complete ? lines : [...lines, 'The time was up before the search had ended.'];
}

const shown = (value: Value): string =>
  value === null
    ? 'missing'
    : typeof value === 'number'
      ? String(Number(value.toPrecision(6)))
      : String(value);

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;

/** To the right of the middle for what speaks for the positive class, to the left for what speaks against it. */
function bar(value: number, greatest: number): string {
  const length = greatest === 0 ? 0 : Math.round((Math.abs(value) / greatest) * HALF);
  const blocks = '█'.repeat(length);
  return value < 0 ? `${blocks.padStart(HALF)}│` : `${' '.repeat(HALF)}│${blocks}`;
}
