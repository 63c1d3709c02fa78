import { fact, facts, figure, moment, owed, section, short, table, text } from '../blocks';
import type { Section } from '../report';
import { newest, type ReportMaterial } from '../report-material';

const STAFF =
  'the provider: attach it to the approval request as evidence (steward approve --evidence), or keep it beside this report';

/** The version that the report is about: the champion, else the newest that was registered. */
export function subjectOf({ events }: ReportMaterial) {
  const champion = newest(events.moves.filter(({ payload }) => payload.alias === 'champion'));
  const versions = events.versions;
  const registered =
    versions.find(({ payload }) => payload.descriptor.digest === champion?.payload.descriptor.digest) ??
    newest(versions);
  return { champion, registered, descriptor: champion?.payload.descriptor ?? registered?.payload.descriptor };
}

/** What the system is, and which version. */
export function systemSection(material: ReportMaterial, basis: string | null): Section {
  const { champion, registered, descriptor } = subjectOf(material);
  if (!descriptor)
    return section(
      'system',
      'The system',
      basis,
      [],
      [
        owed(
          'a registered version of the model',
          'an ML engineer: train it (steward train) or import it (steward models import)',
        ),
      ],
    );
  const source = (champion ?? registered)!.source;
  return section(
    'system',
    'The system',
    basis,
    [
      facts(
        fact('Model', `${descriptor.model}, version ${descriptor.version}`, source),
        fact(
          'State',
          champion ? `champion since ${moment(champion.time)} UTC` : 'registered, not in service',
          source,
        ),
        fact('Identity', `SHA-256 ${descriptor.digest}`, {
          kind: 'artifact',
          id: 'ONNX file',
          digest: descriptor.digest,
        }),
        fact('Size', `${figure(descriptor.sizeBytes)} bytes`, source),
        fact(
          'Decides',
          `${descriptor.classes.join(' or ')}; ${descriptor.favourable} is favourable to the person`,
          source,
        ),
        fact('Decision threshold', figure(descriptor.decisionThreshold), source),
        fact('Learner', registered?.payload.learner ?? '\u2013', registered?.source ?? null),
      ),
      table(
        'Inputs of the model',
        ['input', 'kind'],
        descriptor.inputs.map(({ name, kind }) => [[name, kind], source] as const),
      ),
    ],
    [
      owed('the intended purpose, and for whom it is meant', STAFF),
      owed('the hardware and software that it is meant to run with, and instructions for use', STAFF),
    ],
  );
}

/** How it was made: data, pipeline, split, learners. */
export function developmentSection(material: ReportMaterial, basis: string | null): Section {
  const { registered, descriptor } = subjectOf(material);
  const { evaluation, events } = material;
  const pipeline = newest(
    events.pipelines.filter(({ payload }) => payload.pipeline === descriptor?.pipeline),
  );
  const run = newest(events.runs.filter(({ payload }) => payload.runId === descriptor?.runId));
  return section(
    'development',
    'How it was developed',
    basis,
    [
      descriptor && registered
        ? facts(
            fact(
              'Pipeline',
              `${descriptor.pipeline}${pipeline ? `, version ${pipeline.payload.pipelineVersion}` : ''}`,
              pipeline?.source ?? registered.source,
            ),
            fact('Training run', descriptor.runId, run?.source ?? registered.source),
            fact(
              'Started by',
              run ? (run.payload.trigger === 'alert' ? 'an alert of monitoring' : run.actor) : '\u2013',
              run?.source ?? null,
            ),
            fact(
              'Data',
              `${descriptor.dataset} version ${descriptor.datasetVersion}, digest ${short(descriptor.datasetDigest)}`,
              registered.source,
            ),
            fact(
              'Contract',
              `version ${descriptor.contractVersion}, digest ${short(descriptor.contractDigest)}`,
              registered.source,
            ),
          )
        : null,
      evaluation?.value.learners
        ? table(
            `Learners that were tried, by ${evaluation.value.metric ?? 'the metric'} in cross-validation`,
            ['learner', 'mean', 'deviation over folds', 'parameters', 'chosen'],
            evaluation.value.learners.map((learner, at) => [
              [
                learner.kind,
                figure(learner.mean),
                figure(learner.deviation),
                Object.entries(learner.params)
                  .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
                  .join(', ') || 'defaults',
                at === evaluation.value.chosen ? 'yes' : '',
              ],
              evaluation.source,
            ]),
          )
        : null,
      evaluation?.value.split
        ? table(
            'Split of the data',
            ['part', 'rows', 'positive'],
            evaluation.value.split.map((part) => [
              [
                part.fold === null ? part.part : `fold ${part.fold}`,
                figure(part.rows),
                figure(part.positives),
              ],
              evaluation.source,
            ]),
          )
        : null,
      evaluation?.value.onnxCheck
        ? text(
            `The published file was run in ONNX Runtime on ${figure(evaluation.value.onnxCheck.rows)} rows; its answers differ from the learner's by at most ${figure(evaluation.value.onnxCheck.maxDifference)}.`,
          )
        : null,
    ],
    [
      !evaluation &&
        owed(
          'how the model was validated',
          'the ML engineer: a model that was trained here brings its evaluation; an imported one has none',
        ),
      owed('design choices and their rationale, and what was traded off', STAFF),
    ],
  );
}

const FIGURES: readonly (readonly [string, string])[] = [
  ['auc', 'Area under the ROC curve'],
  ['accuracy', 'Accuracy'],
  ['logLoss', 'Log loss'],
  ['brier', 'Brier score'],
  ['ece', 'Expected calibration error'],
];

/** Accuracy on data that the model was not fitted on. */
export function performanceSection(material: ReportMaterial, basis: string | null): Section {
  const { registered } = subjectOf(material);
  const known = FIGURES.filter(([name]) => typeof registered?.payload.metrics[name] === 'number');
  return section(
    'performance',
    'Accuracy',
    basis,
    [
      registered && known.length > 0
        ? table(
            'On the hold-out rows, which no step of training has seen',
            ['figure', 'value'],
            known.map(([name, title]) => [
              [title, figure(registered.payload.metrics[name])],
              registered.source,
            ]),
          )
        : null,
    ],
    [
      known.length === 0 &&
        owed(
          'accuracy on data that was held out',
          'the ML engineer: train with labels, so that figures can be measured',
        ),
    ],
  );
}

/** Rates by group of the sensitive columns, with intervals. */
export function fairnessSection(material: ReportMaterial, basis: string | null): Section {
  const { descriptor } = subjectOf(material);
  const fairness = material.evaluation?.value.fairness;
  const columns = fairness?.holdOutAndOutOfFold ?? [];
  const source = material.evaluation?.source ?? null;
  const rate = (value: { value: number; lower: number; upper: number } | null): string =>
    value ? `${figure(value.value)} (${figure(value.lower)} to ${figure(value.upper)})` : '\u2013';
  return section(
    'fairness',
    'Fairness by group',
    basis,
    columns.flatMap(({ column, report }) => [
      table(
        `By ${column}: rates with 95 % intervals`,
        ['group', 'rows', `favourable decisions`, 'true positive rate', 'false positive rate'],
        report.groups
          .filter(({ rows }) => rows >= 10)
          .map((group) => [
            [
              Object.values(group.labels)
                .map((value) => value ?? 'missing')
                .join(', '),
              figure(group.rows),
              rate(group.selectionRate),
              rate(group.truePositiveRate),
              rate(group.falsePositiveRate),
            ],
            source,
          ]),
      ),
      facts(
        fact(`Demographic parity ratio by ${column}`, rate(report.demographicParityRatio), source),
        fact(`Equalized odds difference by ${column}`, rate(report.equalizedOddsDifference), source),
      ),
    ]),
    [
      columns.length === 0 &&
        owed(
          'rates by group',
          descriptor?.groups.length
            ? 'the ML engineer: evaluate the model with the contract’s groups'
            : 'the data engineer: name the groups in the dataset’s contract',
        ),
    ],
  );
}
