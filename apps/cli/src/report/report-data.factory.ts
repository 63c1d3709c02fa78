import type { FairnessAnswer, GroupAnswer, Rate } from '../answers/evaluation-answer';
import type { ReportData } from './report-data';

const DIGEST = 'd'.repeat(64);
const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';
const at = (minute: number): string => `2026-11-23T14:${String(minute).padStart(2, '0')}:00.000Z`;
const rate = (value: number): Rate => ({
  value,
  lower: value - 0.1,
  upper: value + 0.1,
  successes: 5,
  trials: 10,
});

function group(label: string, value: number): GroupAnswer {
  return {
    labels: { afam: label },
    rows: 200,
    enoughRows: true,
    enoughOutcomes: true,
    selectionRate: rate(value),
    truePositiveRate: rate(value),
    falsePositiveRate: null,
  };
}

const fairness: FairnessAnswer = {
  by: ['afam'],
  confidence: 0.95,
  groups: [group('yes', 0.6), group('no', 0.8)],
  demographicParityDifference: rate(0.2),
  demographicParityRatio: { value: 0.75, lower: 0.6, upper: null },
  equalizedOddsDifference: null,
};

const column = (name: string, psi: number) => ({
  name,
  kind: 'categorical',
  verdict: psi > 0.2 ? ('alert' as const) : ('no_alert' as const),
  psi,
  jensenShannon: psi / 4,
  adjustedPValue: 1e-9,
  cells: [{ label: 'yes', referenceCount: 20, currentCount: 93, referenceShare: 0.2, currentShare: 0.93 }],
  missing: null,
  outOfRange: null,
});

const drift = (psi: number) => ({
  verdict: 'alert',
  policy: { psi: 0.2, significance: 0.001 },
  columns: [column('single', psi), column('pirat', 0.01)],
});

const audited = (index: number) => ({
  index,
  leaf: DIGEST,
  entryId: ID,
  service: 'training',
  project: 'lending',
  time: at(12),
  actor: { id: 'engineer-id', kind: 'person' },
  action: 'run.start',
  object: { kind: 'run', id: ID },
  outcome: 'refused' as const,
  correlation: ID,
  details: {},
});

/** A model's whole life, small. For tests. */
export function someReport(): ReportData {
  const found = <T>(value: T) => ({ found: true as const, value });
  const descriptor = {
    model: 'approval',
    version: 1,
    digest: DIGEST,
    sizeBytes: 1_000,
    runId: ID,
    pipeline: 'approval',
    dataset: 'applications',
    datasetVersion: 1,
    datasetDigest: DIGEST,
    contractVersion: 1,
    contractDigest: DIGEST,
    referenceDigest: DIGEST,
    evaluationDigest: DIGEST,
    inputs: [{ name: 'pirat', kind: 'numeric' as const }],
    classes: ['no', 'yes'],
    decisionThreshold: 0.5,
    favourable: 'no',
    sensitive: ['afam'],
    groups: ['afam'],
  };
  const batch = {
    batch: ID,
    source: 'upload',
    digest: DIGEST,
    contractVersion: 1,
    read: 1_212,
    accepted: 1_200,
    quarantined: 12,
    byRule: { range: 12 },
    version: 1,
    createdAt: at(1),
    quarantineDeletedAt: null,
  };
  return {
    project: 'lending',
    model: 'approval',
    source: '127.0.0.1:8080',
    madeAt: at(30),
    madeBy: 'auditor',
    versions: [
      {
        model: 'approval',
        version: 1,
        digest: DIGEST,
        runId: ID,
        learner: 'gbm',
        descriptor,
        metrics: { auc: 0.76 },
        registeredAt: at(3),
      },
    ],
    aliases: found({
      current: [{ alias: 'champion', version: 1, digest: DIGEST, requestId: ID, movedAt: at(5) }],
      history: [
        {
          alias: 'champion',
          version: 1,
          digest: DIGEST,
          requestId: ID,
          movedAt: at(5),
          previousVersion: null,
          previousDigest: null,
          approvers: ['approver-id'],
        },
      ],
    }),
    evaluations: new Map([[1, found(evaluation())]]),
    datasetNames: ['applications'],
    datasets: [
      found({
        name: 'applications',
        contract: {
          dataset: 'applications',
          version: 1,
          digest: DIGEST,
          contract: {
            dataset: 'applications',
            columns: [
              { name: 'afam', type: 'string', class: 'sensitive', nullable: false, allowed: ['yes', 'no'] },
            ],
            key: ['applicant'],
            label: { column: 'deny', positive: 'yes', negative: 'no', favourable: 'no' },
            decisionThreshold: 0.5,
            groups: ['afam'],
          },
          changedBy: 'engineer-id',
          createdAt: at(0),
        },
        versions: [
          {
            version: 1,
            digest: DIGEST,
            rows: 1_200,
            labelledRows: 0,
            contractVersion: 1,
            deltaPath: 'datasets/lending/applications',
            deltaVersion: 0,
            batchId: ID,
            createdAt: at(1),
          },
        ],
        batches: [batch],
        quarantine: [
          {
            batch,
            rows: found([{ row: 1_201, line: 1_202, column: 'lvrat', rule: 'range', value: '-0.8' }]),
          },
        ],
      }),
    ],
    runs: found([
      {
        id: ID,
        pipeline: 'approval',
        pipelineVersion: 1,
        pipelineDigest: DIGEST,
        model: 'approval',
        dataset: 'applications',
        datasetVersion: 1,
        datasetDigest: DIGEST,
        state: 'failed',
        trigger: 'person',
        startedBy: 'engineer-id',
        correlation: ID,
        attempt: 1,
        progress: null,
        result: null,
        failure: 'TRAINING.TOO_FEW_ROWS',
        failureMessage: 'Too few rows.',
        createdAt: at(2),
        startedAt: at(2),
        finishedAt: at(3),
      },
    ]),
    approvals: found([
      {
        id: ID,
        model: 'approval',
        version: 1,
        digest: DIGEST,
        alias: 'champion',
        replaces: null,
        runId: ID,
        trigger: 'person',
        state: 'granted',
        gates: [
          {
            gate: 'minimumAuc',
            passed: false,
            value: 0.6,
            bound: 0.7,
            message: 'Below 0.7.',
            waivedBy: 'approver-id',
          },
        ],
        excluded: [{ person: 'engineer-id', because: 'started_run' }],
        decisions: [
          { person: 'approver-id', kind: 'waive', gate: 'minimumAuc', reason: 'A pilot.', decidedAt: at(4) },
        ],
        openedAt: at(3),
        decidedAt: at(5),
      },
    ]),
    monitors: found([
      {
        name: 'approval',
        version: 1,
        digest: DIGEST,
        definition: {
          model: 'approval',
          windowRows: 300,
          drift: { psi: 0.2, pValue: 0.001, minimumRows: 200 },
          fairness: {},
          performance: {},
          retrain: { on: ['drift'], minimumLabelledRows: 200, cooldownSeconds: 60 },
        },
        changedBy: 'engineer-id',
        changedAt: at(6),
      },
    ]),
    windows: found([
      {
        id: 'window-id',
        monitor: 'approval',
        model: 'approval',
        modelVersion: 1,
        modelDigest: DIGEST,
        referenceDigest: DIGEST,
        state: 'judged',
        verdict: 'alarm',
        rows: 300,
        outcomes: 0,
        openedAt: at(7),
        judgedAt: at(8),
        report: { drift: drift(2.857), previousDrift: drift(0.4), fairness },
        outcomeReport: null,
      },
    ]),
    alerts: found([
      {
        id: 'alert-id',
        monitor: 'approval',
        kind: 'drift',
        model: 'approval',
        modelVersion: 1,
        windowId: 'window-id',
        lastWindowId: 'window-id',
        columns: ['single'],
        state: 'open',
        raisedAt: at(8),
        resolvedAt: null,
        resolvedWindowId: null,
        acknowledgedBy: null,
      },
    ]),
    retrainRequests: found([
      {
        retrainId: ID,
        model: 'approval',
        modelVersion: 1,
        alertId: 'alert-id',
        windowId: 'window-id',
        labelledRows: 10,
        minimumRows: 200,
        state: 'waiting_for_outcomes',
        reason: null,
        runId: null,
        requestedAt: at(8),
        changedAt: at(8),
        explanation: 'Waits for outcomes.',
      },
    ]),
    audit: found({
      verification: {
        valid: false,
        entries: 2,
        checkpoints: 1,
        head: { size: 2, root: DIGEST, time: at(9) },
        faults: [{ kind: 'changed', from: 1, to: 2, message: 'Entry 1 was changed.' }],
        moreFaults: 3,
      },
      publicKey: 'steward/audit+94fa1ce3+AAAA',
      keyId: '94fa1ce3',
      entriesOfProject: 2,
      byAction: new Map([['run.start', 2]]),
      newest: [audited(0), audited(1)],
    }),
    people: new Map([
      ['engineer-id', 'ada'],
      ['approver-id', 'bob'],
    ]),
  };
}

function evaluation() {
  const figures = { auc: 0.8, logLoss: 0.3, accuracy: 0.9, brier: 0.1, ece: 0.02 };
  return {
    metric: 'auc',
    rows: { labelled: 1_200, withoutLabel: 0 },
    split: [{ part: 'fold', fold: 0, rows: 200, positives: 20, positiveShare: 0.1 }],
    learners: [
      {
        kind: 'gbm',
        params: {},
        mean: 0.8,
        deviation: null,
        pooled: figures,
        folds: [{ fold: 0, rows: 200, positives: 20, figures }],
      },
    ],
    chosen: 0,
    holdOut: {
      rows: 240,
      positives: 24,
      negatives: 216,
      threshold: 0.5,
      confusion: { truePositives: 10, falsePositives: 5, falseNegatives: 14, trueNegatives: 211 },
      rates: { accuracy: rate(0.9), precision: null },
      auc: { value: 0.76, lower: 0.7, upper: 0.82 },
      logLoss: rate(0.3),
      brier: rate(0.1),
      calibration: {
        expectedError: 0.02,
        maximumError: 0.1,
        curve: [
          { from: 0, to: 0.1, rows: 200, meanProbability: 0.05, positiveShare: 0.06 },
          { from: 0.1, to: 0.2, rows: 0, meanProbability: null, positiveShare: null },
        ],
      },
    },
    fairness: {
      favourable: 'no',
      holdOut: [],
      holdOutAndOutOfFold: [{ column: 'afam', report: fairness }],
      demographicParityRatio: 0.75,
    },
    comparison: { champion: DIGEST, rows: 100, championAuc: 0.7, candidateAuc: 0.76 },
    reference: { from: 'all_rows', rows: 1_200 },
    onnxCheck: { maxDifference: 2.6e-8, rows: 1_200 },
  };
}
