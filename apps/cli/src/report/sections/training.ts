import type {
  EvaluationAnswer,
  ModelVersionAnswer,
  PerformanceAnswer,
  RunAnswer,
} from '@steward/client/answers';
import { count, duration, words } from '../../format';
import { calibrationChart } from '../charts/calibration-chart';
import { foldChart } from '../charts/fold-chart';
import { html, type Content, type Html } from '../html';
import {
  chart,
  dataTable,
  digest,
  facts,
  identifier,
  interval,
  missing,
  moment,
  nothing,
  percent,
  pill,
  rate,
  section,
  shown,
} from '../page-parts';
import type { ReportData } from '../report-data';

/** Every run of the model's pipelines. */
export function runsSection(data: ReportData): Html {
  return section(
    'runs',
    'Runs',
    'A run loads one exact dataset version, cross-validates every learner of its pipeline, and registers the best.',
    shown(data.runs, (runs) =>
      runs.length === 0
        ? nothing('No run is known.')
        : dataTable(
            `Runs that made ${data.model}, newest first`,
            [
              'Run',
              'Pipeline',
              'Data',
              'State',
              'Started by',
              'Learner',
              '#Hold-out AUC',
              '#Version',
              'Started (UTC)',
              '#Took',
            ],
            runs.map((run) => [
              identifier(run.id),
              html`${run.pipeline} v${run.pipelineVersion} ${digest(run.pipelineDigest)}`,
              `${run.dataset} v${run.datasetVersion}`,
              state(run),
              run.trigger === 'alert' ? 'an alert' : (data.people.get(run.startedBy) ?? run.startedBy),
              run.result?.learner ?? '-',
              rate(run.result?.metrics['auc']),
              run.result?.version ?? '-',
              moment(run.startedAt),
              run.startedAt && run.finishedAt
                ? duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
                : '-',
            ]),
          ),
    ),
  );
}

function state({ state: name, failureMessage }: RunAnswer): Content {
  if (name === 'succeeded') return pill('good', name);
  if (name === 'failed') return [pill('bad', name), failureMessage ? ` ${failureMessage}` : ''];
  return pill('open', name);
}

/** How well each version does: folds, hold-out, calibration, comparison with the champion. */
export function metricsSection(data: ReportData): Html {
  return section(
    'metrics',
    'Metrics',
    'Measured on rows that the model was not fitted on: folds by cross-validation, then a hold-out that no choice has seen.',
    data.versions.map((version) => {
      const part = data.evaluations.get(version.version);
      return html`<article>
        <h3>Version ${version.version} <small>${version.learner}, ${digest(version.digest)}</small></h3>
        ${
          part === undefined
            ? nothing('An older version: its evaluation is in the registry.')
            : part.found
              ? evaluated(version, part.value)
              : missing(part.why)
        }
      </article>`;
    }),
  );
}

function evaluated(version: ModelVersionAnswer, evaluation: EvaluationAnswer): Content {
  const { learners, metric, chosen, holdOut, comparison, reference, onnxCheck } = evaluation;
  const series = learners.map(({ kind, folds, mean }, at) => ({
    name: kind,
    chosen: at === chosen,
    mean,
    values: folds.map(({ fold, figures }) => ({ fold, value: figures[metric] ?? null })),
  }));
  const measured = series.some(({ values }) => values.some(({ value }) => value !== null));
  return [
    html`<div class="pair">
      ${
        measured
          ? chart(
              `${metricName(metric)} by fold`,
              foldChart(series, metric),
              `${learners[chosen]?.kind ?? ''} was chosen`,
            )
          : nothing('No fold could be measured.')
      }${chart('Calibration on the hold-out', calibrationChart(holdOut.calibration.curve), `expected error ${rate(holdOut.calibration.expectedError)}`)}
    </div>`,
    foldTable(evaluation),
    html`<div class="pair">
      ${holdOutTable(holdOut)}${confusionTable(holdOut, version.descriptor.classes)}
    </div>`,
    facts([
      ...(comparison
        ? ([
            [
              'Against the champion',
              html`on ${count(comparison.rows)} rows new to both: champion ${digest(comparison.champion)} AUC
              ${rate(comparison.championAuc)}, this version ${rate(comparison.candidateAuc)}`,
            ],
          ] as const)
        : []),
      ['Reference for monitoring', `${count(reference.rows)} rows (${words(reference.from)})`],
      [
        'ONNX check',
        `largest difference to the learner ${onnxCheck.maxDifference.toExponential(1)} over ${count(onnxCheck.rows)} rows`,
      ],
      ['Inputs', version.descriptor.inputs.map(({ name }) => name).join(', ')],
    ]),
  ];
}

function foldTable({ learners, metric, split, chosen }: EvaluationAnswer): Html {
  const folds = split.filter(({ part }) => part === 'fold');
  return dataTable(
    `${metricName(metric)} of each learner by fold`,
    [
      'Learner',
      ...folds.map(({ fold }) => `#Fold ${(fold ?? 0) + 1}`),
      '#Mean',
      '#Deviation',
      '#AUC out of fold',
    ],
    [
      ...learners.map(({ kind, folds: values, mean, deviation, pooled }, at) => [
        at === chosen ? html`<strong>${kind}</strong> (chosen)` : kind,
        ...folds.map(({ fold }) => rate(values.find((each) => each.fold === fold)?.figures[metric])),
        rate(mean),
        rate(deviation),
        rate(pooled['auc']),
      ]),
      [
        'rows (positives)',
        ...folds.map(
          ({ rows, positiveShare }) => `${rows} (${positiveShare === null ? '-' : percent(positiveShare)})`,
        ),
        '',
        '',
        '',
      ],
    ],
  );
}

const holdOutTable = (holdOut: PerformanceAnswer): Html =>
  dataTable(
    `Hold-out: ${count(holdOut.rows)} rows, ${count(holdOut.positives)} positive, with 95 % intervals`,
    ['Figure', '#Value', '#Interval'],
    [
      ['AUC', rate(holdOut.auc?.value), bounds(holdOut.auc)],
      ['Log loss', rate(holdOut.logLoss.value), bounds(holdOut.logLoss)],
      ['Brier score', rate(holdOut.brier.value), bounds(holdOut.brier)],
      ...['accuracy', 'precision', 'recall', 'specificity'].map((name) => [
        `${name[0]!.toUpperCase()}${name.slice(1)}`,
        rate(holdOut.rates[name]?.value),
        bounds(holdOut.rates[name]),
      ]),
      ['Expected calibration error', rate(holdOut.calibration.expectedError), ''],
    ],
  );

const bounds = (estimate: Parameters<typeof interval>[0]): string =>
  estimate && estimate.lower !== null && estimate.upper !== null
    ? `${rate(estimate.lower)} to ${rate(estimate.upper)}`
    : '-';

function confusionTable({ confusion, threshold }: PerformanceAnswer, classes: readonly string[]): Html {
  const [negative = 'negative', positive = 'positive'] = classes;
  return dataTable(
    `Confusion matrix at ${threshold}: rows happened, columns were decided`,
    ['', `#${positive}`, `#${negative}`],
    [
      [positive, count(confusion.truePositives), count(confusion.falseNegatives)],
      [negative, count(confusion.falsePositives), count(confusion.trueNegatives)],
    ],
  );
}

const METRIC_NAMES: Readonly<Record<string, string>> = {
  auc: 'AUC',
  logLoss: 'Log loss',
  brier: 'Brier score',
  accuracy: 'Accuracy',
};
const metricName = (metric: string): string => METRIC_NAMES[metric] ?? metric;
