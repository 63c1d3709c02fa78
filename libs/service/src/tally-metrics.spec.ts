import { AggregatorRegistry, Counter, Histogram, Registry } from 'prom-client';
import { tallyCounter, tallyHistogram } from './tally-metrics';

const LABELS = ['model', 'outcome'] as const;
const BUCKETS = [0.1, 1, 10];

describe('metrics without a hash a call', () => {
  it('are scraped as those of prom-client are', async () => {
    const [own, theirs] = [new Registry(), new Registry()];
    for (const registry of [own, theirs]) registry.setDefaultLabels({ service: 'inference' });
    const counter = tallyCounter({ name: 'c_total', help: 'Counts.', labelNames: LABELS, registry: own });
    const histogram = tallyHistogram({
      name: 'h',
      help: 'Spreads.',
      labelNames: LABELS,
      buckets: BUCKETS,
      registry: own,
    });
    const same = {
      counter: new Counter({
        name: 'c_total',
        help: 'Counts.',
        labelNames: [...LABELS],
        registers: [theirs],
      }),
      histogram: new Histogram({
        name: 'h',
        help: 'Spreads.',
        labelNames: [...LABELS],
        buckets: BUCKETS,
        registers: [theirs],
      }),
    };
    for (const [model, outcome, value] of [
      ['a', 'ok', 0.05],
      ['a', 'ok', 1],
      ['b "q"', 'invalid', 99],
      ['a', 'ok', 0.1],
    ] as const) {
      counter.cell(model, outcome).add(value);
      histogram.cell(model, outcome).observe(value);
      same.counter.inc({ model, outcome }, value);
      same.histogram.observe({ model, outcome }, value);
    }
    // The order of labels is free.
    const sorted = (line: string) =>
      line.replace(/\{(.*)\}/, (_all, labels: string) =>
        labels
          .split(/,(?=\w+=)/)
          .sort()
          .join(),
      );
    const lines = async (registry: Registry) =>
      (await registry.metrics()).split('\n').filter(Boolean).map(sorted).sort();
    expect(await lines(own)).toEqual(await lines(theirs));
  });

  it('are one a name, and add up over processes', async () => {
    const registry = new Registry();
    const options = { name: 'c_total', help: 'Counts.', labelNames: LABELS, registry };
    expect(tallyCounter(options)).toBe(tallyCounter(options));
    tallyCounter(options).cell('a', 'ok').add(2);
    const one = await registry.getMetricsAsJSON();
    const both = await AggregatorRegistry.aggregate([one, one]).metrics();
    expect(both).toContain('c_total{model="a",outcome="ok"} 4');
    registry.resetMetrics();
    expect(await registry.metrics()).toContain('c_total{model="a",outcome="ok"} 0');
  });
});
