import { referenceThreshold } from '../estimation/reference-threshold';
import estimation from '../../reference/vectors/estimation.json';
import vectors from '../../reference/vectors/multivariate.json';
import { RandomStream } from '../random/random-stream';
import { domainClassifier, type ClassifierPort } from './domain-classifier';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy';
import { PcaReconstruction } from './pca-reconstruction';
import type { TableColumn } from './table-encoder';

describe('PcaReconstruction', () => {
  const { columns, reference, negated, upper } = estimation.cases.reconstruction;
  const table = (change: (name: string, value: number) => number, from = 0, to = 300) =>
    Object.entries(columns).map(([name, values]): TableColumn => {
      const part = values.slice(from, to);
      if (name === 'e') return { kind: 'categorical', name, values: part as (string | null)[] };
      const numbers = (part as (number | null)[]).map((value) =>
        value === null ? null : change(name, value),
      );
      return { kind: 'numeric', name, values: numbers };
    });
  const same = (_: string, value: number) => value;
  const fitted = PcaReconstruction.fit(table(same));

  it('agrees with NannyML, chunk by chunk, and so does the threshold', () => {
    const chunks = [0, 100, 200];
    const turned = (name: string, value: number) => (name === 'b' ? -value : value);
    chunks.forEach((from, i) => {
      expect(fitted.meanError(table(same, from, from + 100))!.value).toBeCloseTo(reference[i]!, 9);
      expect(fitted.meanError(table(turned, from, from + 100))!.value).toBeCloseTo(negated[i]!, 9);
    });
    expect(referenceThreshold(reference).atMost).toBeCloseTo(upper, 9);
  });

  it('sees columns that no longer go together, survives JSON, and names a missing column', () => {
    const again = PcaReconstruction.parse(JSON.parse(JSON.stringify(fitted)));
    expect(again.errors(table(same))).toEqual(fitted.errors(table(same)));
    expect(() => fitted.errors(table(same).slice(1))).toThrow('\'columns\' is "a"');
    expect(fitted.meanError(table(same, 0, 1))).toBeNull();
  });
});

describe('maximumMeanDiscrepancy', () => {
  it("agrees with scikit-learn's kernel", () => {
    for (const { reference, current, bandwidth, squared } of vectors.cases) {
      const found = maximumMeanDiscrepancy(reference, current);
      expect(found.bandwidth).toBeCloseTo(bandwidth, 12);
      expect(found.squared).toBeCloseTo(squared, 12);
    }
  });

  it('has a small p-value for a shift and a spread-out one without, and is reproducible', () => {
    const random = new RandomStream(2);
    const rows = (n: number, shift: number) =>
      Array.from({ length: n }, () => [random.normal() + shift, random.normal()]);
    expect(maximumMeanDiscrepancy(rows(80, 0), rows(80, 1)).pValue).toBe(1 / 201);
    const calm = Array.from({ length: 30 }, () =>
      maximumMeanDiscrepancy(rows(30, 0), rows(30, 0), { permutations: 99 }),
    );
    expect(calm.filter(({ pValue }) => pValue <= 0.1).length).toBeLessThan(9);
    const [x, y] = [rows(20, 0), rows(20, 0)];
    expect(maximumMeanDiscrepancy(x, y)).toEqual(maximumMeanDiscrepancy(x, y));
    expect(() => maximumMeanDiscrepancy([[1]], y)).toThrow("'reference' is 1");
    expect(() => maximumMeanDiscrepancy(rows(2000, 0), rows(1001, 0))).toThrow('at most 3000 rows');
  });
});

describe('domainClassifier', () => {
  /** Scores by the distance from the mean of each side: enough to tell two normal clouds apart. */
  const byMean: ClassifierPort = {
    fit(rows, labels) {
      const mean = (label: number) => {
        const own = rows.filter((_, i) => labels[i] === label);
        return own.reduce((sum, row) => sum + row[0]!, 0) / own.length;
      };
      const [zero, one] = [mean(0), mean(1)];
      return {
        predict: (more) => Float64Array.from(more, (row) => (row[0]! - (zero + one) / 2) * (one - zero)),
      };
    },
  };

  it('tells shifted rows from the reference, and not equal ones', () => {
    const random = new RandomStream(4);
    const rows = (n: number, shift: number) => Array.from({ length: n }, () => [random.normal() + shift]);
    expect(domainClassifier(rows(300, 0), rows(200, 1.5), byMean).lower).toBeGreaterThan(0.75);
    const calm = domainClassifier(rows(300, 0), rows(200, 0), byMean);
    expect(calm.lower).toBeLessThan(0.5);
    expect(() => domainClassifier([[1]], [[1]], byMean)).toThrow("'folds' is 5");
  });
});
