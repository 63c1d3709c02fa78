import * as fc from 'fast-check';
import vectors from '../../reference/vectors/performance.json';
import { bootstrapInterval } from '../intervals/bootstrap';
import { MulticlassConfusion } from './multiclass-confusion';
import { multiclassScores } from './multiclass-scores';
import { averagePrecision, gainCurve, operatingPoints } from './precision-recall';
import { rankingPerformance } from './ranking-performance';
import { RegressionPerformance } from './regression-performance';
import { rocAuc } from './roc-auc';
import { weightedBinaryPerformance } from './weighted-binary-performance';

const close = (actual: number | null, expected: number) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-12);

describe('agrees with scikit-learn', () => {
  it.each(vectors.cases.multiclass.map((entry, i) => [i, entry] as const))('multiclass %i', (_, entry) => {
    const labels = entry.probabilities[0]!.map((_, c) => `c${c}`);
    const confusion = new MulticlassConfusion(labels);
    entry.actual.forEach((actual, i) => confusion.add(`c${actual}`, `c${entry.decided[i]}`));
    const figures = MulticlassConfusion.parse(JSON.parse(JSON.stringify(confusion))).figures();
    close(figures.accuracy!.value, entry.accuracy);
    close(figures.balancedAccuracy, entry.balancedAccuracy);
    close(figures.matthewsCorrelation, entry.mcc);
    close(figures.kappa, entry.kappa);
    for (const kind of ['macro', 'weighted'] as const) {
      close(figures[kind].precision, entry[kind][0]!);
      close(figures[kind].recall, entry[kind][1]!);
      close(figures[kind].f1, entry[kind][2]!);
    }
    const scores = multiclassScores(entry.actual, entry.probabilities);
    close(scores.logLoss, entry.logLoss);
    if (entry.ovr !== null) close(scores.aucOneVersusRest, entry.ovr);
    if (entry.ovo !== null) close(scores.aucOneVersusOne, entry.ovo);
  });

  it.each(vectors.cases.weighted.map((entry, i) => [i, entry] as const))('weighted binary %i', (_, entry) => {
    const found = weightedBinaryPerformance(entry.labels, entry.scores, entry.weights);
    const metrics = [
      'auc',
      'averagePrecision',
      'logLoss',
      'brier',
      'accuracy',
      'precision',
      'recall',
      'f1',
    ] as const;
    for (const metric of metrics) close(found[metric], entry[metric]);
    close(averagePrecision(entry.labels, entry.scores), entry.plainAveragePrecision);
  });

  it.each(vectors.cases.regression.map((entry, i) => [i, entry] as const))('regression %i', (_, entry) => {
    const half = entry.actual.length / 2;
    const part = (from: number, to?: number) =>
      new RegressionPerformance(0.9).addAll(
        entry.actual.slice(from, to),
        entry.predicted.slice(from, to),
        entry.weights?.slice(from, to),
      );
    const figures = part(0, half).merge(part(half)).figures();
    close(figures.meanAbsoluteError.value, entry.mae);
    close(figures.meanSquaredError.value, entry.mse);
    close(figures.meanAbsolutePercentageError, entry.mape);
    close(figures.rootMeanSquaredLogError, entry.rmsle);
    close(figures.rSquared, entry.r2);
    close(figures.pinball, entry.pinball);
    close(figures.symmetricMeanAbsolutePercentageError, entry.smape);
  });

  it('ranking', () => {
    for (const { relevance, scores, k, ndcg } of vectors.cases.ranking) {
      close(rankingPerformance([{ relevance, scores }], k).ndcg, ndcg);
    }
  });
});

describe('rankings, by hand', () => {
  it('average precision, reciprocal rank and hit rate', () => {
    const first = { relevance: [0, 1, 0, 1], scores: [4, 3, 2, 1] };
    const never = { relevance: [0, 0], scores: [1, 2] };
    const late = { relevance: [0, 0, 0, 1], scores: [4, 3, 2, 1] };
    expect(rankingPerformance([first, never, late], 3)).toMatchObject({
      queries: 3,
      queriesWithoutRelevance: 1,
      meanAveragePrecision: (0.5 / 2 + 0) / 2,
      meanReciprocalRank: 0.25,
      hitRate: 0.5,
    });
    expect(rankingPerformance([never], 3).ndcg).toBeNull();
    expect(() => rankingPerformance([{ relevance: [-1], scores: [1] }], 1)).toThrow(
      "'queries[0].relevance[0]' is -1",
    );
  });
});

describe('curves', () => {
  const row = fc.tuple(fc.boolean(), fc.nat(10));

  it('of operating points enclose the area under ROC; gain ends at 1 and does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), (rows) => {
        const labels = rows.map(([label]) => label);
        const scores = rows.map(([, score]) => score);
        const points = operatingPoints(labels, scores);
        const auc = rocAuc(labels, scores);
        if (auc !== null) {
          let area = 0;
          let [x, y] = [0, 0];
          for (const point of points) {
            area += ((point.falsePositiveRate - x) * (point.recall + y)) / 2;
            [x, y] = [point.falsePositiveRate, point.recall];
          }
          expect(area).toBeCloseTo(auc.value, 12);
        }
        const gain = gainCurve(labels, scores);
        if (labels.includes(true)) expect(gain.at(-1)).toMatchObject({ share: 1, gain: 1, lift: 1 });
        const reversed = gainCurve(labels.toReversed(), scores.toReversed());
        gain.forEach((point, i) => expect(point.gain).toBeCloseTo(reversed[i]!.gain, 12));
      }),
    );
  });
});

describe('what is not defined', () => {
  it('is null, and what is wrong is named', () => {
    const constant = new RegressionPerformance().addAll([0, 0], [1, -2]).figures();
    expect(constant).toMatchObject({
      rSquared: null,
      meanAbsolutePercentageError: null,
      rootMeanSquaredLogError: null,
    });
    expect(() => new RegressionPerformance().figures()).toThrow("'rows' is 0");
    expect(() => new RegressionPerformance().add(1, Number.NaN)).toThrow("'predicted' is NaN");
    expect(() => multiclassScores([0], [[0.5, 0.6]])).toThrow('1.1');
    expect(() => multiclassScores([2], [[0.5, 0.5]])).toThrow("'classes[0]' is 2");
    expect(() => new MulticlassConfusion(['a', 'b']).add('a', 'c')).toThrow('\'decided\' is "c"');
    expect(() => weightedBinaryPerformance([1], [0.5], [-1])).toThrow("'weights[0]' is -1");
    expect(new MulticlassConfusion(['a', 'b']).figures()).toMatchObject({ accuracy: null, kappa: null });
  });
});

describe('bootstrapInterval', () => {
  it('agrees with the analytic interval of a mean and is reproducible', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => ((i * 7919) % 400) / 400);
    const mean = (chosen: Uint32Array) => chosen.reduce((sum, i) => sum + values[i]!, 0) / chosen.length;
    const found = bootstrapInterval(400, mean, { repetitions: 2000 })!;
    const half = (1.96 * Math.sqrt(1 / 12)) / 20;
    expect(found.lower).toBeCloseTo(found.value - half, 2);
    expect(found.upper).toBeCloseTo(found.value + half, 2);
    expect(bootstrapInterval(400, mean, { repetitions: 2000 })).toEqual(found);
    expect(bootstrapInterval(4, () => null)).toBeNull();
  });
});
