import { register, type Metric, type Registry } from 'prom-client';

interface TallyOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** Default: the process's registry. */
  readonly registry?: Registry;
}

type LabelValues = readonly string[];

/** Cells by their label values: found by one after the other, for a key of all of them would be made at each count. */
class Cells<Cell> {
  readonly all: Cell[] = [];
  private readonly root = new Map<string, unknown>();

  constructor(private readonly make: (values: LabelValues) => Cell) {}

  of(values: LabelValues): Cell {
    const last = values.length - 1;
    let branch = this.root;
    for (let index = 0; index < last; index++) {
      let next = branch.get(values[index]!) as Map<string, unknown> | undefined;
      if (next === undefined) branch.set(values[index]!, (next = new Map()));
      branch = next;
    }
    const name = values[last] ?? '';
    let cell = branch.get(name) as Cell | undefined;
    if (cell === undefined) {
      branch.set(name, (cell = this.make(values)));
      this.all.push(cell);
    }
    return cell;
  }
}

/**
 * Counts without a hash of labels a call: whoever counts often keeps the cell of its labels. Looks like any counter to
 * whoever scrapes. One a name and registry: ask for it by {@link tallyCounter}.
 */
export class TallyCounter<Label extends string = string> {
  readonly type = 'counter';
  readonly aggregator = 'sum';
  private readonly cells = new Cells((values) => new TallyCell(values));

  constructor(private readonly options: TallyOptions<Label>) {}

  get name(): string {
    return this.options.name;
  }

  /** The count of these label values, in the order of the label names; 0 at first. */
  cell(...values: LabelValues): TallyCell {
    return this.cells.of(values);
  }

  get(): Promise<object> {
    const { name, help, labelNames } = this.options;
    const values = this.cells.all.map(({ values: of, count }) => ({
      value: count,
      labels: labelled(labelNames, of),
    }));
    return Promise.resolve({ name, help, type: this.type, aggregator: this.aggregator, values });
  }

  reset(): void {
    for (const cell of this.cells.all) cell.count = 0;
  }
}

/** One count. */
export class TallyCell {
  count = 0;

  constructor(readonly values: LabelValues) {}

  add(count: number): void {
    this.count += count;
  }
}

/** A histogram that counts like {@link TallyCounter}. Ask for it by {@link tallyHistogram}. */
export class TallyHistogram<Label extends string = string> {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  private readonly cells: Cells<TallyDistribution>;

  constructor(
    private readonly options: TallyOptions<Label>,
    private readonly buckets: readonly number[],
  ) {
    this.cells = new Cells((values) => new TallyDistribution(values, buckets));
  }

  get name(): string {
    return this.options.name;
  }

  cell(...values: LabelValues): TallyDistribution {
    return this.cells.of(values);
  }

  get(): Promise<object> {
    const { name, help, labelNames } = this.options;
    const values = this.cells.all.flatMap((cell) => {
      const labels = labelled(labelNames, cell.values);
      let below = 0;
      const buckets = [...this.buckets, '+Inf'].map((le, index) => ({
        labels: { le, ...labels },
        value: (below += cell.counts[index]!),
        metricName: `${name}_bucket`,
      }));
      return [
        ...buckets,
        { labels, value: cell.sum, metricName: `${name}_sum` },
        { labels, value: below, metricName: `${name}_count` },
      ];
    });
    return Promise.resolve({ name, help, type: this.type, aggregator: this.aggregator, values });
  }

  reset(): void {
    for (const cell of this.cells.all) cell.reset();
  }
}

/** One distribution. */
export class TallyDistribution {
  /** Values per bucket, the last one for those above all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(
    readonly values: LabelValues,
    private readonly bounds: readonly number[],
  ) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index++;
    this.counts[index]! += 1;
    this.sum += value;
  }

  reset(): void {
    this.counts.fill(0);
    this.sum = 0;
  }
}

/** The counter of this name; a second application in the process (tests) shares the first one's. */
export function tallyCounter<const Label extends string>(options: TallyOptions<Label>): TallyCounter<Label> {
  return registered(options, () => new TallyCounter(options));
}

/** The histogram of this name, with rising upper bounds of its buckets. */
export function tallyHistogram<const Label extends string>(
  options: TallyOptions<Label> & { readonly buckets: readonly number[] },
): TallyHistogram<Label> {
  return registered(options, () => new TallyHistogram(options, options.buckets));
}

function registered<Tally>({ name, registry = register }: TallyOptions<string>, make: () => Tally): Tally {
  const known = registry.getSingleMetric(name) as Tally | undefined;
  if (known) return known;
  const made = make();
  registry.registerMetric(made as unknown as Metric);
  return made;
}

function labelled(names: readonly string[], values: LabelValues): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
