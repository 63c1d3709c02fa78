import vectors from '../../reference/vectors/estimation.json';
import { RandomStream } from '../random/random-stream';
import { DirectLossEstimator, type RegressorPort } from './direct-loss';
import { expectedMulticlassPerformance } from './expected-multiclass-performance';
import { expectedPerformance } from './expected-performance';
import { IsotonicCalibrator } from './isotonic-calibrator';
import { needsCalibration } from './needs-calibration';
import { referenceThreshold } from './reference-threshold';
import { samplingError, samplingErrorComponents, type EstimatedFigure } from './sampling-error';

const close = (actual: number | null, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected) + 1e-14);

describe('agrees with NannyML', () => {
  it.each(vectors.cases.cbpe.map((entry, i) => [i, entry] as const))(
    'CBPE and sampling errors, case %i',
    (_, entry) => {
      const found = expectedPerformance(entry.calibrated, entry.scores);
      for (const figure of ['accuracy', 'precision', 'recall', 'specificity', 'f1'] as const) {
        close(found[figure], entry[figure]);
      }
      // NannyML rounds the cumulated counts to five decimals.
      close(found.auc, entry.auc, 1e-6);
      close(found.averagePrecision, entry.averagePrecision, 1e-6);
      const decided = entry.scores.map((score) => score >= 0.5);
      for (const [figure, [deviation, share]] of Object.entries(entry.components)) {
        const components = samplingErrorComponents(
          figure as EstimatedFigure,
          entry.labels,
          decided,
          entry.scores,
        );
        close(components.deviation, deviation!);
        close(components.share, share!);
        close(samplingError(components, 100), deviation! / Math.sqrt(100 * share!));
      }
    },
  );
});

describe('several classes', () => {
  it.each(vectors.cases.multiclass.map((entry, i) => [i, entry] as const))(
    'agrees with NannyML, case %i',
    (_, entry) => {
      const found = expectedMulticlassPerformance(entry.calibrated, entry.scores, entry.decided);
      for (const figure of ['accuracy', 'precision', 'recall', 'specificity', 'f1'] as const) {
        close(found[figure], entry[figure]);
      }
      close(found.auc, entry.auc, 1e-6);
      expect(() => expectedMulticlassPerformance([[0.5, 0.5]], [[0.5, 0.5]], [2])).toThrow(
        "'decided[0]' is 2",
      );
    },
  );
});

describe('IsotonicCalibrator', () => {
  it('agrees with scikit-learn, and survives JSON', () => {
    for (const { scores, labels, at, calibrated } of vectors.cases.isotonic) {
      const calibrator = IsotonicCalibrator.parse(
        JSON.parse(JSON.stringify(IsotonicCalibrator.fit(labels, scores))),
      );
      calibrator.calibrateAll(at).forEach((value, i) => expect(value).toBeCloseTo(calibrated[i]!, 9));
    }
    expect(() => IsotonicCalibrator.fit([1, 0], [Number.NaN, 1])).toThrow("'scores[0]' is NaN");
  });

  it('is wanted where probabilities are off, seldom where they are right', () => {
    const random = new RandomStream(5);
    let wanted = 0;
    for (let run = 0; run < 40; run++) {
      const truth = Float64Array.from({ length: 200 }, () => random.uniform());
      const labels = Array.from(truth, (p) => random.uniform() < p);
      const cubes = truth.map((p) => p ** 3);
      if (needsCalibration(labels, truth)) wanted++;
      expect(needsCalibration(labels, cubes)).toBe(true);
    }
    expect(wanted).toBeLessThan(20);
    expect(needsCalibration([true, true], [0.5, 0.5])).toBe(false);
  });
});

describe('CBPE on rows whose outcomes are known afterwards', () => {
  it('comes within three sampling errors of what happened, after the inputs moved', () => {
    const random = new RandomStream(6);
    const draw = (n: number, power: number) => {
      const scores = Array.from({ length: n }, () => random.uniform() ** power);
      return { scores, labels: scores.map((p) => random.uniform() < p) };
    };
    const past = draw(5000, 1);
    const decidedPast = past.scores.map((score) => score >= 0.5);
    const components = samplingErrorComponents('accuracy', past.labels, decidedPast, past.scores);
    const now = draw(2000, 0.2);
    const expected = expectedPerformance(now.scores, now.scores);
    const right = now.scores.filter((score, i) => score >= 0.5 === now.labels[i]).length / 2000;
    expect(Math.abs(expected.accuracy - right)).toBeLessThan(3 * samplingError(components, 2000)!);
    const { atLeast } = referenceThreshold([0.74, 0.75, 0.76], 3, { high: 1 });
    expect(atLeast).toBeCloseTo(0.75 - 3 * Math.sqrt(2 / 3) * 0.01, 12);
    expect(expected.accuracy).toBeGreaterThan(0.78);
  });
});

describe('DirectLossEstimator', () => {
  /** Mean target by whether the first feature is above 0: the simplest learner that can see what matters here. */
  const byHalves: RegressorPort = {
    fit(rows, targets) {
      const side = (row: ArrayLike<number>) => Number(row[0]! > 0);
      const [sums, counts] = [
        [0, 0],
        [0, 0],
      ];
      rows.forEach((row, i) => {
        sums[side(row)]! += targets[i]!;
        counts[side(row)]! += 1;
      });
      return { predict: (more) => Float64Array.from(more, (row) => sums[side(row)]! / counts[side(row)]!) };
    },
  };

  it('estimates the loss of a window from its features alone', () => {
    const random = new RandomStream(7);
    const draw = (n: number, above: number) => {
      const features = Array.from({ length: n }, () => [random.uniform() < above ? 1 : -1]);
      const predictions = features.map(() => 10);
      return {
        features,
        predictions,
        actual: features.map(([x]) => 10 + (x! > 0 ? 4 : 1) * random.normal()),
      };
    };
    const past = draw(4000, 0.2);
    const fitted = DirectLossEstimator.fit('squared', past.features, past.predictions, past.actual, byHalves);
    const now = draw(2000, 0.8);
    const real = now.actual.reduce((sum, value) => sum + (value - 10) ** 2, 0) / 2000;
    const found = fitted.estimate(now.features, now.predictions);
    expect(Math.abs(found.mean / real - 1)).toBeLessThan(0.15);
    expect(found.root).toBeCloseTo(Math.sqrt(found.mean), 12);
    expect(() => DirectLossEstimator.fit('absolute_percentage', [[1]], [1], [0], byHalves)).toThrow(
      "'actual[0]' is 0",
    );
  });
});
