import * as fc from 'fast-check';
import vectors from '../../reference/vectors/sequential.json';
import { benjaminiHochberg, OnlineFalseDiscovery } from '../multiplicity/false-discovery';
import { RandomStream } from '../random/random-stream';
import { Adwin } from './adwin';
import { AnytimeMean } from './anytime-mean';
import { anytimeRate, proportionEValue } from './anytime-proportion';
import type { ChangeDetector } from './change-detector';
import { Cusum } from './cusum';
import { Ddm } from './ddm';
import { PageHinkley } from './page-hinkley';

function detections(detector: ChangeDetector, stream: readonly number[]): number[] {
  return stream.flatMap((value, i) => (detector.update(value) ? [i] : []));
}

const { levels, errors, steady, pageHinkley, ddm, adwin, bh } = vectors.cases;

describe('change detection agrees with river', () => {
  it('Page-Hinkley', () => {
    expect(detections(new PageHinkley(), levels)).toEqual(pageHinkley[0]);
    expect(detections(new PageHinkley({ threshold: 20, delta: 0.1, mode: 'up' }), levels)).toEqual(
      pageHinkley[1],
    );
    expect(detections(new PageHinkley({ threshold: 20, mode: 'down', alpha: 1 }), levels)).toEqual(
      pageHinkley[2],
    );
  });

  it('DDM', () => {
    expect(detections(new Ddm(), errors)).toEqual(ddm[0]);
    expect(detections(new Ddm({ warmStart: 100, driftThreshold: 2.5 }), errors)).toEqual(ddm[1]);
  });

  it('ADWIN', () => {
    expect(detections(new Adwin(), levels)).toEqual(adwin[0]);
    expect(detections(new Adwin(), errors)).toEqual(adwin[1]);
    expect(detections(new Adwin({ delta: 0.05, clock: 1 }), errors)).toEqual(adwin[2]);
    expect(detections(new Adwin(), steady)).toEqual(adwin[3]);
  });

  it('keeps a window whose mean follows the change, in few buckets', () => {
    const detector = new Adwin({ keepWindow: true });
    for (const value of errors) detector.update(value);
    expect(detector.observed).toBeLessThan(1500);
    expect(Math.abs(detector.mean - 0.5)).toBeLessThan(0.06);
  });
});

describe('Cusum', () => {
  it('finds a shift of one standard deviation soon, and rarely one where there is none', () => {
    const random = new RandomStream(3);
    const calm = Array.from({ length: 20_000 }, () => random.normal());
    const rate = detections(new Cusum({ target: 0, standardDeviation: 1 }), calm).length / calm.length;
    expect(rate).toBeGreaterThan(1 / 700);
    expect(rate).toBeLessThan(1 / 330);
    const shifted = calm.map((value) => value + 1);
    expect(detections(new Cusum({ target: 0, standardDeviation: 1 }), shifted)[0]).toBeLessThan(40);
    expect(() => new Cusum({ target: 0, standardDeviation: 0 })).toThrow("'standardDeviation' is 0");
  });
});

describe('anytime-valid monitoring', () => {
  it('of a rate: rarely ever misses it, however often one looks', () => {
    let missed = 0;
    for (let stream = 0; stream < 400; stream++) {
      const random = new RandomStream(stream);
      let successes = 0;
      for (let n = 1; n <= 1000; n++) {
        if (random.uniform() < 0.1) successes++;
        if (proportionEValue(successes, n, 0.1) >= 20) {
          missed++;
          break;
        }
      }
    }
    expect(missed).toBeLessThanOrEqual(0.05 * 400);
  });

  it('of a rate: the interval is what the e-value does not reject, and wider than Wilson', () => {
    const counts = fc
      .integer({ min: 1, max: 2000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { lower, upper, value } = anytimeRate(successes, trials);
        expect(lower).toBeLessThanOrEqual(value);
        expect(upper).toBeGreaterThanOrEqual(value);
        if (lower > 1e-9) expect(proportionEValue(successes, trials, lower * 0.999)).toBeGreaterThan(20);
        if (upper < 1 - 1e-9) expect(proportionEValue(successes, trials, upper - 1e-9)).toBeLessThan(20.001);
      }),
    );
    expect(() => anytimeRate(3, 2)).toThrow("'successes' is 3");
  });

  it('of a mean: rarely ever misses it, and closes in', () => {
    let missed = 0;
    for (let stream = 0; stream < 200; stream++) {
      const random = new RandomStream(stream + 1000);
      const sequence = new AnytimeMean(0, 2);
      for (let n = 0; n < 1000; n++) sequence.add(2 * random.uniform() ** 2);
      const { lower, upper } = sequence.estimate();
      if (lower > 2 / 3 || upper < 2 / 3) missed++;
      expect(upper - lower).toBeLessThan(0.25);
    }
    expect(missed).toBeLessThanOrEqual(0.05 * 200);
    expect(() => new AnytimeMean(0, 1).add(2)).toThrow("'value' is 2");
  });
});

describe('false discoveries', () => {
  it('Benjamini-Hochberg agrees with scipy', () => {
    benjaminiHochberg(bh.p).forEach((value, i) => expect(value).toBeCloseTo(bh.adjusted[i]!, 14));
  });

  it('LORD++ spends less than alpha, earns from rejections, and goes on from its state', () => {
    const never = new OnlineFalseDiscovery(0.05);
    let spent = 0;
    for (let i = 0; i < 5000; i++) spent += never.test(1).level;
    expect(spent).toBeLessThan(0.05);
    const lucky = new OnlineFalseDiscovery(0.05);
    const first = lucky.level();
    expect(lucky.test(0)).toEqual({ rejected: true, level: first });
    expect(lucky.level()).toBeGreaterThan(first);
    const again = new OnlineFalseDiscovery(0.05, JSON.parse(JSON.stringify(lucky)));
    expect(again.level()).toBe(lucky.level());
    expect(() => lucky.test(2)).toThrow("'pValue' is 2");
  });

  it('LORD++ keeps the share of false discoveries below alpha', () => {
    const random = new RandomStream(11);
    let share = 0;
    for (let run = 0; run < 200; run++) {
      const control = new OnlineFalseDiscovery(0.1);
      let [wrong, all] = [0, 0];
      for (let i = 0; i < 300; i++) {
        const real = i % 5 === 0;
        const { rejected } = control.test(real ? random.uniform() ** 12 : random.uniform());
        if (rejected) all++;
        if (rejected && !real) wrong++;
      }
      share += all === 0 ? 0 : wrong / all / 200;
    }
    expect(share).toBeLessThan(0.1);
  });
});
