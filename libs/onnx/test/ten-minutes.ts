import { readFileSync } from 'node:fs';
import {
  autoSelect,
  calibrate,
  categoricalColumn,
  classTarget,
  counterfactuals,
  createLearner,
  createTable,
  crossValidate,
  explain,
  fitCalibration,
  holdOut,
  numericColumn,
  permutationImportance,
  predict,
  predictionLoss,
  selectRows,
  stratifiedFolds,
} from '@steward/learning';
import { checkOnnx, scorerFromOnnx, writeOnnx } from '@steward/onnx';

export async function tenMinutes(file: string) {
  // Read: who was denied a mortgage in Boston in 1990. Columns are typed; what is missing would be null.
  const [head, ...lines] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('"', '').split(','));
  const cells = (name: string) => lines.map((line) => line[head!.indexOf(name)]!);
  const table = createTable([
    ...['pirat', 'hirat', 'lvrat', 'unemp'].map((name) => numericColumn(name, cells(name).map(Number))),
    ...['chist', 'mhist', 'phist', 'selfemp', 'insurance'].map((name) =>
      categoricalColumn(name, cells(name)),
    ),
  ]);
  const denied = classTarget(categoricalColumn('deny', cells('deny')), 'yes');
  const { train, test } = holdOut(table, denied, undefined, 0.2, 1);

  // Choose and tune: plain learners first, then a search over the best one, all by cross-validation.
  const { chosen, explanation } = await autoSelect({ data: train, trials: 3, seed: 1 });

  // Train, and calibrate by what models said about rows that they had not seen.
  const learner = createLearner(chosen);
  const folds = stratifiedFolds(train.target, 5, 1);
  const { oof } = crossValidate({ learner, table: train.table, target: train.target, folds, seed: 1 });
  const unseen = oof.filter((_, i) => i % 2 === 1);
  const plain = learner.fit(train.table, train.target, { seed: 1 });
  const model = calibrate(plain, fitCalibration('platt', unseen, train.target.values));
  const loss = predictionLoss(test.target, predict(model, test.table), 2);

  // Explain: what matters on the whole, what mattered for one applicant, and what would have had to be otherwise.
  const important = permutationImportance(model, test, { seed: 1 });
  const background = selectRows(
    train.table,
    Int32Array.from({ length: 100 }, (_, i) => i * 10),
  );
  const p = predict(model, test.table).filter((_, i) => i % 2 === 1);
  const riskiest = p.indexOf(Math.max(...p));
  const contributions = explain(model, selectRows(test.table, Int32Array.of(riskiest)), { background });
  const ways = counterfactuals(model, test.table, riskiest, {
    background: train.table,
    wanted: { class: 'no' },
    immutable: ['chist', 'mhist', 'phist'],
    direction: { unemp: -1 },
  });

  // Export: one ONNX file with all steps, checked against ONNX Runtime, and a scorer that answers in microseconds.
  const bytes = writeOnnx(model, { dataset: 'hmda-1990' });
  const { maxDifference } = await checkOnnx(bytes, model, test.table, {
    predict: (rows) => predict(model, rows),
  });
  const scorer = scorerFromOnnx(bytes)!;
  const out = new Float64Array(scorer.width);
  scorer.scoreRow([0.33, 0.26, 0.8, 3.2, '1', '2', 'no', 'no', 'no'], out); // cells in the order of scorer.inputs
  const probability = out[1]!; // of scorer.classes[1], 'yes'

  return {
    chosen,
    explanation,
    loss,
    important,
    contributions,
    ways,
    maxDifference,
    probability,
    model,
    test,
  };
}
