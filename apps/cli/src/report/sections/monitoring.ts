import type { AlertAnswer, ColumnDriftAnswer, WindowAnswer } from '@steward/client/answers';
import { count, pValue, words } from '../../format';
import { cellChart } from '../charts/cell-chart';
import { psiChart, type PsiPoint } from '../charts/psi-chart';
import { html, type Content, type Html } from '../html';
import {
  chart,
  dataTable,
  digest,
  facts,
  interval,
  legend,
  missing,
  moment,
  nothing,
  pill,
  rate,
  section,
  shown,
  type Tone,
} from '../page-parts';
import { orElse, type ReportData } from '../report-data';

const MOST_COLUMNS = 40;
const DEFAULT_THRESHOLD = 0.2;

/** What is watched, every window, and PSI per column over them. */
export function windowsSection(data: ReportData): Html {
  return section(
    'monitoring',
    'Monitoring',
    'Windows of predictions of one model version, compared with the reference that the version carries. An alert needs size (PSI) and evidence (a chi-square test on the same cells, Holm-corrected).',
    shown(data.monitors, (monitors) =>
      monitors.length === 0
        ? nothing('No monitor watches this model.')
        : monitors.map(({ name, version, definition, digest: value }) =>
            facts([
              ['Monitor', html`${name} version ${version} ${digest(value)}`],
              ['Window', `${count(definition.windowRows)} rows`],
              ['Drift alert', `PSI from ${definition.drift.psi} with p < ${definition.drift.pValue}`],
              ['Retrains on', definition.retrain.on.map(words).join(', ') || 'nothing'],
            ]),
          ),
    ),
    shown(data.windows, (windows) =>
      windows.length === 0 ? nothing('No window yet.') : [windowTable(windows), multiples(windows)],
    ),
  );
}

const TONES: Readonly<Record<string, Tone>> = { ok: 'good', alarm: 'bad' };
const verdict = ({ verdict: name, state }: WindowAnswer): Html =>
  pill(TONES[name ?? ''] ?? 'open', words(name ?? state));

function windowTable(windows: readonly WindowAnswer[]): Html {
  const several = new Set(windows.map(({ monitor }) => monitor)).size > 1;
  return dataTable(
    'Windows, oldest first; "old reference" is that of the champion before',
    [
      '#Window',
      ...(several ? ['Monitor'] : []),
      '#Version',
      '#Rows',
      '#Outcomes',
      'Verdict',
      'Largest PSI',
      'Old reference',
      '#AUC',
      '#Parity',
      'Judged (UTC)',
    ],
    windows.map((window, at) => [
      at + 1,
      ...(several ? [window.monitor] : []),
      window.modelVersion,
      count(window.rows),
      count(window.outcomes),
      verdict(window),
      largest(window.report?.drift.columns),
      largest(window.report?.previousDrift?.columns),
      rate(window.outcomeReport?.performance?.auc?.value),
      rate(window.report?.fairness?.demographicParityRatio?.value),
      moment(window.judgedAt),
    ]),
  );
}

function largest(columns: readonly ColumnDriftAnswer[] | undefined): string {
  const worst = columns?.toSorted((left, right) => right.psi - left.psi)[0];
  return worst ? `${worst.name} ${rate(worst.psi)}` : '-';
}

function multiples(windows: readonly WindowAnswer[]): Content {
  const series = new Map<string, PsiPoint[]>();
  windows.forEach(({ report, modelVersion }, at) => {
    for (const { name, psi, verdict: judged } of report?.drift.columns ?? []) {
      const previous = report?.previousDrift?.columns.find((column) => column.name === name)?.psi ?? null;
      const point = { window: at + 1, version: modelVersion, psi, alert: judged === 'alert', previous };
      series.set(name, [...(series.get(name) ?? []), point]);
    }
  });
  if (series.size === 0) return nothing('No window was full enough to be compared.');
  const threshold = windows.find(({ report }) => report)?.report?.drift.policy.psi ?? DEFAULT_THRESHOLD;
  const most = (points: readonly PsiPoint[]): number => Math.max(...points.map(({ psi }) => psi));
  const drawn = [...series]
    .toSorted(([, left], [, right]) => most(right) - most(left))
    .slice(0, MOST_COLUMNS);
  return chart(
    'PSI of each column over the windows',
    html`<div class="multiples">
      ${drawn.map(([name, points]) => html`<div>${psiChart(name, points, threshold)}</div>`)}
    </div>`,
    html`the dashed line is the threshold; each panel has its own scale
    ${legend(['accent', 'against the reference'], ['bad', 'alert'], ['hollow', 'against the reference before'])}`,
  );
}

/** Alerts, what they compared, and what answered them. */
export function alertsSection(data: ReportData): Html {
  return section(
    'alerts',
    'Alerts',
    'An alert is resolved by a full window that shows nothing any more, never by an approval.',
    shown(data.alerts, (alerts) =>
      alerts.length === 0
        ? nothing('There has been no alert.')
        : alerts.toReversed().map((alert) => one(data, alert)),
    ),
  );
}

function one(data: ReportData, alert: AlertAnswer): Html {
  const windows = orElse(data.windows, []);
  const number = (id: string | null): string => {
    const at = windows.findIndex((window) => window.id === id);
    return at < 0 ? (id ?? '-') : `window ${at + 1}`;
  };
  const raisedBy = windows.find(({ id }) => id === alert.windowId);
  return html`<article>
    <h3>
      ${words(alert.kind)} of version ${alert.modelVersion}: ${alert.columns.join(', ') || 'no column'}
      ${alert.state === 'open' ? pill('bad', 'open') : pill('good', 'resolved')}
    </h3>
    ${facts([
      ['Raised', html`${moment(alert.raisedAt)}, ${number(alert.windowId)}`],
      [
        'Resolved',
        alert.resolvedAt ? html`${moment(alert.resolvedAt)}, ${number(alert.resolvedWindowId)}` : 'not yet',
      ],
      [
        'Seen by',
        alert.acknowledgedBy
          ? (data.people.get(alert.acknowledgedBy) ?? alert.acknowledgedBy)
          : 'nobody has acknowledged it',
      ],
      ['Answered by', answers(data, alert)],
    ])}${raisedBy ? compared(alert, raisedBy) : ''}
  </article>`;
}

function answers(data: ReportData, { id }: AlertAnswer): Content {
  if (!data.retrainRequests.found) return missing(data.retrainRequests.why);
  const requests = data.retrainRequests.value.filter(({ alertId }) => alertId === id);
  if (requests.length === 0) return 'no retraining was asked for';
  return requests.map((request) => {
    const run = orElse(data.runs, []).find((each) => each.id === request.runId);
    return html`${words(request.state)}:
    ${request.explanation}${run?.result ? html` Version ${run.result.version} ${digest(run.result.digest)}.` : ''} `;
  });
}

function compared(alert: AlertAnswer, { report, outcomeReport }: WindowAnswer): Content {
  if (alert.kind === 'fairness')
    return html`<p>
      Demographic parity ratio of the window: ${interval(report?.fairness?.demographicParityRatio)}; equalized
      odds difference: ${interval(outcomeReport?.fairness?.equalizedOddsDifference)}.
    </p>`;
  if (alert.kind === 'performance')
    return html`<p>AUC of the window: ${interval(outcomeReport?.performance?.auc)}.</p>`;
  const columns = alert.columns.flatMap(
    (name) => report?.drift.columns.filter((column) => column.name === name) ?? [],
  );
  return columns.length === 0
    ? ''
    : html`<div class="pair">
        ${columns.map((column) =>
          chart(
            `${column.name}: reference against current`,
            cellChart(column.name, column.cells),
            html`PSI ${rate(column.psi)}, p ${pValue(column.adjustedPValue)}
            ${legend(['soft', 'reference'], ['second', 'current'])}`,
          ),
        )}
      </div>`;
}
