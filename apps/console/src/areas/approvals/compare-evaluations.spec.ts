import type { EvaluationAnswer } from '@steward/client/answers';
import { comparedFigure, compareFigures, compareGroups, sensitiveColumns } from './compare-evaluations';

const group = (value: string, rate: number) => ({
  labels: { afam: value },
  rows: 100,
  selectionRate: { value: rate },
});
const evaluation = (auc: number, groups: unknown[]): EvaluationAnswer =>
  ({
    holdOut: {
      auc: { value: auc },
      logLoss: { value: 1 - auc },
      brier: { value: 0.1 },
      calibration: { expectedError: 0.02 },
      rates: { accuracy: { value: 0.9 }, precision: null },
    },
    fairness: {
      demographicParityRatio: 0.85,
      holdOutAndOutOfFold: [{ column: 'afam', report: { groups } }],
    },
  }) as unknown as EvaluationAnswer;

it('tells better from worse in the direction of the figure', () => {
  expect(comparedFigure('AUC', 0.8, 0.7)).toMatchObject({ verdict: 'better' });
  expect(comparedFigure('Log loss', 0.8, 0.7)).toMatchObject({ verdict: 'worse' });
  expect(comparedFigure('False positive rate', 0.1, 0.2)).toMatchObject({ verdict: 'better' });
  expect(comparedFigure('AUC', 0.8, 0.80001)).toMatchObject({ verdict: 'same' });
  expect(comparedFigure('AUC', 0.8, null)).toMatchObject({ verdict: 'unknown', difference: null });
});

it('compares the figures of two evaluations, or of one alone', () => {
  const found = compareFigures(evaluation(0.8, []), evaluation(0.7, []));
  expect(found.find(({ name }) => name === 'AUC')?.difference).toBeCloseTo(0.1);
  expect(found.find(({ name }) => name === 'Log loss')).toMatchObject({ verdict: 'better' });
  expect(found.map(({ name }) => name)).not.toContain('Precision');
  expect(compareFigures(evaluation(0.8, []), null)[0]).toMatchObject({ champion: null });
});

it('puts the groups of both models side by side', () => {
  const candidate = evaluation(0.8, [group('yes', 0.7), group('no', 0.9)]);
  const champion = evaluation(0.8, [group('no', 0.8), group('other', 0.5)]);
  expect(sensitiveColumns(candidate)).toEqual(['afam']);
  expect(
    compareGroups('afam', candidate, champion).map(({ group: name, candidate: own, champion: other }) => [
      name,
      own?.selectionRate?.value,
      other?.selectionRate?.value,
    ]),
  ).toEqual([
    ['afam yes', 0.7, undefined],
    ['afam no', 0.9, 0.8],
    ['afam other', undefined, 0.5],
  ]);
  expect(compareGroups('sex', candidate, null)).toEqual([]);
});
