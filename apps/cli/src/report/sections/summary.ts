import { count, duration, words } from '../../format';
import { lifeChart, type Lane, type Moment, type Span } from '../charts/life-chart';
import { html, type Content, type Html } from '../html';
import { chart, digest, legend, moment, pill, rate, section, type Tone } from '../page-parts';
import { orElse, type ReportData } from '../report-data';

/** The model in a few figures, and its life on one time axis. */
export function summarySection(data: ReportData): Html {
  return section('summary', 'Summary', '', tiles(data), life(data));
}

const tile = (name: string, value: Content, note: Content): Html =>
  html`<div class="tile">
    <dt>${name}</dt>
    <dd><span class="value">${value}</span><span class="note">${note}</span></dd>
  </div>`;

function tiles(data: ReportData): Html {
  const { versions, alerts, audit, windows } = data;
  const champion = championOf(data);
  const served = versions.find(({ version }) => version === champion?.version) ?? versions[0]!;
  const part = data.evaluations.get(served.version);
  const ratio = part?.found ? part.value.fairness.demographicParityRatio : null;
  const open = orElse(alerts, []).filter(({ state }) => state === 'open').length;
  const judged = orElse(windows, []).filter(({ report }) => report !== null);
  return html`<dl class="tiles">
    ${tile(
      'Champion',
      champion ? `version ${champion.version}` : 'none',
      champion ? html`since ${moment(champion.movedAt)}` : 'no version was approved yet',
    )}${tile('Hold-out AUC', rate(served.metrics['auc']), `version ${served.version}, ${served.learner}`)}${tile(
      'Demographic parity ratio',
      ratio === null ? 'too little data' : rate(ratio),
      'hold-out and out-of-fold together',
    )}${tile(
      'Data',
      `${served.descriptor.dataset} v${served.descriptor.datasetVersion}`,
      html`digest ${digest(served.descriptor.datasetDigest)}`,
    )}${tile(
      'Alerts',
      alerts.found ? (open === 0 ? pill('good', 'none open') : pill('bad', `${open} open`)) : 'not known',
      `${count(orElse(alerts, []).length)} raised, ${count(judged.length)} windows judged`,
    )}${tile('Audit log', auditPill(data), audit.found ? `${count(audit.value.verification.entries)} entries, checked for this report` : 'not verified')}
  </dl>`;
}

const auditPill = ({ audit }: ReportData): Html =>
  audit.found
    ? audit.value.verification.valid
      ? pill('good', 'verified')
      : pill('bad', 'NOT VALID')
    : pill('open', 'missing');

/** Where the champion alias points. */
export const championOf = ({ aliases }: ReportData) =>
  aliases.found ? aliases.value.current.find(({ alias }) => alias === 'champion') : undefined;

const at = (iso: string): number => Date.parse(iso);

function life(data: ReportData): Html {
  const lanes: Lane[] = [
    { name: 'Data', moments: dataMoments(data) },
    { name: 'Training', spans: runSpans(data) },
    { name: 'Approval', spans: approvalSpans(data) },
    { name: 'Champion', spans: championSpans(data) },
    { name: 'Windows', moments: windowMoments(data) },
    { name: 'Alerts', spans: alertSpans(data) },
  ];
  const note = legend(
    ['good', 'in order'],
    ['accent', 'neutral'],
    ['bad', 'alarm, failed or refused'],
    ['open', 'open or not enough data'],
  );
  return chart(
    'Life of the model',
    lifeChart(lanes, 'What happened to the model over time; each part is a table below'),
    html`times in UTC ${note}`,
  );
}

const dataMoments = ({ datasets }: ReportData): Moment[] =>
  datasets
    .flatMap((part) => (part.found ? part.value.versions : []))
    .map(({ version, rows, labelledRows, createdAt }) => ({
      at: at(createdAt),
      label: `v${version}`,
      title: `dataset version ${version}: ${count(rows)} rows, ${count(labelledRows)} labelled by outcomes`,
      tone: 'accent',
    }));

const RUN_TONES: Readonly<Record<string, string>> = { succeeded: 'good', failed: 'bad', cancelled: 'open' };

function runSpans({ runs }: ReportData): Span[] {
  return orElse(runs, []).map(({ createdAt, startedAt, finishedAt, state, trigger, result }) => ({
    from: at(startedAt ?? createdAt),
    to: finishedAt === null ? null : at(finishedAt),
    label: result ? `v${result.version}` : state,
    title: `run started by ${trigger === 'alert' ? 'an alert' : 'a person'}: ${state}${
      startedAt && finishedAt ? `, ${duration(at(finishedAt) - at(startedAt))}` : ''
    }`,
    tone: RUN_TONES[state] ?? 'accent',
  }));
}

const APPROVAL_TONES: Readonly<Record<string, Tone>> = {
  granted: 'good',
  rejected: 'bad',
  voided: 'bad',
  expired: 'open',
  open: 'open',
};
export const approvalTone = (state: string): Tone => APPROVAL_TONES[state] ?? 'open';

const approvalSpans = ({ approvals }: ReportData): Span[] =>
  orElse(approvals, []).map(({ version, state, openedAt, decidedAt }) => ({
    from: at(openedAt),
    to: decidedAt === null ? null : at(decidedAt),
    label: `v${version} ${state}`,
    title: `approval of version ${version}: ${state}`,
    tone: approvalTone(state),
  }));

function championSpans({ aliases }: ReportData): Span[] {
  const moves = aliases.found ? aliases.value.history.filter(({ alias }) => alias === 'champion') : [];
  return moves.map(({ version, movedAt }, index) => {
    const next = moves[index + 1];
    return {
      from: at(movedAt),
      to: next ? at(next.movedAt) : null,
      label: `v${version}`,
      title: `version ${version} is champion`,
      tone: index % 2 === 0 ? 'accent' : 'second',
    };
  });
}

const WINDOW_TONES: Readonly<Record<string, string>> = { ok: 'good', alarm: 'bad', not_enough_data: 'open' };

const windowMoments = ({ windows }: ReportData): Moment[] =>
  orElse(windows, []).map(({ judgedAt, openedAt, verdict, rows, modelVersion }, index) => ({
    at: at(judgedAt ?? openedAt),
    label: `${index + 1}`,
    title: `window ${index + 1}: ${rows} rows of version ${modelVersion}, ${words(verdict ?? 'open')}`,
    tone: WINDOW_TONES[verdict ?? ''] ?? 'open',
  }));

const alertSpans = ({ alerts }: ReportData): Span[] =>
  orElse(alerts, [])
    .toReversed()
    .map(({ raisedAt, resolvedAt, kind, columns, state }) => ({
      from: at(raisedAt),
      to: resolvedAt === null ? null : at(resolvedAt),
      label: words(kind),
      title: `${words(kind)} alert: ${columns.join(', ')}; ${state}`,
      tone: 'bad',
    }));
