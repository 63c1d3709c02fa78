import { SystemColumns } from '@steward/delta';
import { sha256 } from '@steward/kernel';
import { categoricalColumn, createTable, explain, numericColumn, predictScores } from '@steward/learning';
import { explainableFromOnnx, readIsolationFile } from '@steward/onnx';
import { parseReference } from '@steward/statistics';
import { pipelineDigest } from '../pipelines/pipeline-definition';
import { runExperiment, type ExperimentInput, type ExperimentOutput } from './experiment';
import { columnsToRead } from './experiment-rows';
import { lendingContract, lendingPipeline, lendingTable, type LendingBatch } from './lending.factory';

function lendingInput(
  batches: readonly LendingBatch[],
  rest: Partial<ExperimentInput> = {},
): ExperimentInput {
  const definition = rest.definition ?? lendingPipeline();
  const contract = lendingContract();
  return {
    definition,
    pipelineDigest: pipelineDigest(definition),
    contract,
    datasetDigest: sha256('dataset'),
    table: lendingTable(batches),
    columns: columnsToRead(contract, definition.inputs),
    system: SystemColumns,
    retraining: false,
    champion: null,
    ...rest,
  };
}

const initial: LendingBatch = { file: 'initial.csv', source: 'upload' };
const shifted: LendingBatch = { file: 'shifted-a.csv', source: 'labelled' };
// oxlint-disable-next-line typescript/no-explicit-any -- parsed JSON, of which each test looks at one corner
const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, any>;

describe('an experiment on the lending data', () => {
  let first: ExperimentOutput;

  beforeAll(async () => {
    first = await runExperiment(lendingInput([initial]));
  }, 120_000);

  it('makes a model that is worth something, and says how both learners did', () => {
    expect(first.model.metrics.auc).toBeGreaterThan(0.7);
    expect(first.model.learners.map(({ kind }) => kind)).toEqual(['gbm', 'logistic']);
    for (const { mean } of first.model.learners) expect(mean).toBeGreaterThan(0.7);
    expect(first.model.sensitiveInputs).toEqual([]);
    expect(first.model.inputs.map(({ name }) => name)).toEqual(lendingPipeline().inputs);
  });

  it('chooses the learner with the better mean AUC', () => {
    const best = first.model.learners.toSorted((a, b) => b.mean! - a.mean!)[0]!;
    expect(first.model.learner).toBe(best.kind);
  });

  it('counts every labelled row once in the split and reports positives per fold', () => {
    const evaluation = json(first.evaluation);
    const parts = evaluation['split'] as { rows: number; positives: number }[];
    expect(parts).toHaveLength(6);
    expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(1_200);
    for (const part of parts) expect(part.positives).toBeGreaterThan(0);
    expect(evaluation['holdOut'].rows).toBe(parts[0]!.rows);
  });

  it('measures fairness by group with intervals, on hold-out and out-of-fold predictions together for the gate', () => {
    const evaluation = json(first.evaluation);
    const [byRace] = evaluation['fairness'].holdOutAndOutOfFold;
    expect(byRace.column).toBe('afam');
    expect(byRace.report.overall.rows).toBe(1_200);
    const ratio = byRace.report.demographicParityRatio;
    expect(ratio.lower).toBeLessThan(ratio.value);
    expect(first.model.fairness.demographicParityRatio).toBe(ratio.value);
  });

  it('makes its reference from all rows, the score among the columns', () => {
    const reference = parseReference(json(first.reference));
    expect(reference.columns.map(({ name }) => name)).toContain('score');
    expect(reference.columns.map(({ name }) => name)).not.toContain('afam');
    for (const column of reference.columns) expect(column.rows).toBe(1_200);
    expect(json(first.evaluation)['reference']).toEqual({ from: 'all_rows', rows: 1_200 });
  });

  it('keeps a forest of the rows that it was fitted on, by which rows can be judged as a whole', () => {
    const { scorer, threshold } = readIsolationFile(first.isolation!);
    expect(first.model.isolationDigest).toBe(sha256(first.isolation!));
    expect(scorer.inputs.map(({ name }) => name)).toEqual(lendingPipeline().inputs);
    expect(threshold(0.9)).toBeLessThan(threshold(1));
    expect(first.isolation!.byteLength).toBeLessThan(2_000_000);
  });

  it('is checked in ONNX Runtime against the learner', () => {
    const { maxDifference, rows } = json(first.evaluation)['onnxCheck'] as {
      maxDifference: number;
      rows: number;
    };
    expect(rows).toBe(1_200);
    expect(maxDifference).toBeLessThan(1e-6);
  });

  it('carries in its file what its decisions are explained from, over the rows that it was fitted on', () => {
    const { fitted, means, rows } = explainableFromOnnx(first.onnx);
    const { split } = json(first.evaluation) as { split: { rows: number }[] };
    expect(rows).toBe(1_200 - split[0]!.rows);
    const row = createTable(
      fitted.inputs.map(({ name, kind }) =>
        kind === 'numeric' ? numericColumn(name, [0.4]) : categoricalColumn(name, ['never seen']),
      ),
    );
    const { base, values } = explain(fitted, row, { means });
    const [margin] = predictScores(fitted, row);
    expect(values.reduce((sum, value) => sum + value, base[0]!)).toBeCloseTo(margin!, 9);
  });

  it('gives the same bytes for the same inputs', async () => {
    const again = await runExperiment(lendingInput([initial]));
    expect(again.model).toEqual(first.model);
    expect(Buffer.from(again.onnx).equals(Buffer.from(first.onnx))).toBe(true);
    expect(Buffer.from(again.isolation!).equals(Buffer.from(first.isolation!))).toBe(true);
  }, 120_000);

  it('does not depend on the pseudonyms, which every installation draws anew', async () => {
    const input = lendingInput([initial]);
    const { columns } = input.table;
    const subjects = columns[SystemColumns.subject]!.map((subject) => sha256(`elsewhere ${String(subject)}`));
    const table = { ...input.table, columns: { ...columns, [SystemColumns.subject]: subjects } };
    expect((await runExperiment({ ...input, table })).model).toEqual(first.model);
  }, 120_000);

  it('compares a retrained candidate with the champion on rows new to both, and refers to the newest labelled rows', async () => {
    const { seed, folds, holdOut } = lendingPipeline();
    const champion = {
      digest: first.model.digest,
      modelFile: first.modelFile,
      lastBatch: 1,
      split: { seed, folds, holdOut },
    };
    const next = await runExperiment(lendingInput([initial, shifted], { retraining: true, champion }));
    const parts = json(next.evaluation)['split'] as { rows: number }[];
    expect(next.model.comparison).toMatchObject({ champion: first.model.digest });
    expect(next.model.comparison!.figures.rows).toBe(parts[0]!.rows);
    expect(next.model.comparison!.figures.candidateAuc).toBeCloseTo(next.model.metrics.auc!, 12);
    expect(next.model.comparison!.figures.championAuc).toBeGreaterThan(0.6);
    expect(json(next.evaluation)['reference']).toEqual({ from: 'newest_labelled_rows', rows: 300 });
    const single = parseReference(json(next.reference)).columns.find(({ name }) => name === 'single')!;
    expect(single).toMatchObject({ rows: 300, kind: 'categorical', categories: ['yes', 'no'] });
  }, 120_000);

  it('says so when a sensitive column is an input', async () => {
    const definition = lendingPipeline('pipeline-with-race.yaml');
    const { model } = await runExperiment(lendingInput([initial], { definition }));
    expect(model.sensitiveInputs).toEqual(['afam']);
  }, 120_000);

  it('refuses too few rows with a sentence', async () => {
    const input = lendingInput([initial]);
    const table = {
      rows: 8,
      columns: Object.fromEntries(
        Object.entries(input.table.columns).map(([name, values]) => [name, values.slice(0, 8)]),
      ),
    };
    await expect(runExperiment({ ...input, table })).rejects.toMatchObject({ code: 'TRAINING.TOO_FEW_ROWS' });
  });
});
