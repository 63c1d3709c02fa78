import type { FairnessAnswer, GroupAnswer, Rate } from '@steward/client/answers';
import { count } from '../../format';
import { intervalChart } from '../charts/interval-chart';
import { html, type Content, type Html } from '../html';
import { chart, dataTable, interval, missing, nothing, section } from '../page-parts';
import type { ReportData } from '../report-data';

/** The four-fifths rule: an indication of disparate impact below it. */
const FOUR_FIFTHS = 0.8;
/** Groups smaller than this are not shown to people. */
const FEWEST_SHOWN = 10;

/** Decisions by group, with intervals. */
export function fairnessSection(data: ReportData): Html {
  return section(
    'fairness',
    'Fairness',
    'By group, of the favourable outcome: how often it is decided (selection rate), how often of those who deserved it (true positive rate), and of those who did not (false positive rate). Lines are 95 % intervals.',
    data.versions.map(({ version }) => {
      const part = data.evaluations.get(version);
      if (part === undefined) return '';
      return html`<article>
        <h3>Version ${version}</h3>
        ${
          part.found
            ? part.value.fairness.holdOutAndOutOfFold.length === 0
              ? nothing('The contract names no group.')
              : part.value.fairness.holdOutAndOutOfFold.map(({ column, report }) =>
                  byColumn(column, report, part.value.fairness.favourable),
                )
            : missing(part.why)
        }
      </article>`;
    }),
  );
}

const RATES = [
  ['Selection rate', 'selectionRate'],
  ['True positive rate', 'truePositiveRate'],
  ['False positive rate', 'falsePositiveRate'],
] as const;

function byColumn(column: string, report: FairnessAnswer, favourable: string): Content {
  const groups = report.groups.filter(({ rows }) => rows >= FEWEST_SHOWN);
  const charts = RATES.map(([title, key]) => {
    const rows = groups.flatMap((group) => {
      const rate = group[key];
      return rate === null
        ? []
        : [{ name: nameOf(column, group), ...rate, tone: enough(group, key) ? 'accent' : 'soft' }];
    });
    return rows.length === 0 ? '' : html`<div>${intervalChart(title, rows)}</div>`;
  });
  const ratio = report.demographicParityRatio;
  const parity = ratio
    ? html`<div>
        ${intervalChart('Demographic parity ratio', [{ name: column, ...ratio, tone: ratio.value >= FOUR_FIFTHS ? 'good' : 'bad' }], FOUR_FIFTHS)}
      </div>`
    : '';
  return [
    chart(
      `${column}, favourable: ${favourable}`,
      html`<div class="multiples wide-multiples">${charts}${parity}</div>`,
      'hold-out and out-of-fold predictions together; grey: too few rows to compare',
    ),
    dataTable(
      `Groups by ${column}`,
      ['Group', '#Rows', '#Selection rate', '#True positive rate', '#False positive rate', 'Compared'],
      groups.map((group) => [
        nameOf(column, group),
        count(group.rows),
        withCounts(group.selectionRate),
        withCounts(group.truePositiveRate),
        withCounts(group.falsePositiveRate),
        group.enoughOutcomes ? 'decisions and errors' : group.enoughRows ? 'decisions' : 'too few rows',
      ]),
    ),
    dataTable(
      `Disparity by ${column}`,
      ['Figure', 'Value and interval'],
      [
        ['Demographic parity ratio', interval(ratio)],
        ['Demographic parity difference', interval(report.demographicParityDifference)],
        ['Equalized odds difference', interval(report.equalizedOddsDifference)],
      ],
    ),
  ];
}

const enough = (group: GroupAnswer, key: (typeof RATES)[number][1]): boolean =>
  key === 'selectionRate' ? group.enoughRows : group.enoughOutcomes;

const nameOf = (column: string, { labels }: GroupAnswer): string => labels[column] ?? 'unknown';

const withCounts = (rate: Rate | null): Content =>
  rate ? html`${interval(rate)}<br /><small>${count(rate.successes)} of ${count(rate.trials)}</small>` : '-';
