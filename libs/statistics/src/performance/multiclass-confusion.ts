import { checkCounts, checkInteger, checkNotEmpty, invalidArgument } from '../arguments/check-arguments';
import type { RateEstimate } from '../intervals/estimate';
import { rateOrNull } from '../intervals/rate-intervals';

/** Figures of one class against the rest; null where the denominator is 0. */
export interface ClassFigures {
  readonly label: string;
  readonly support: number;
  readonly precision: RateEstimate | null;
  readonly recall: RateEstimate | null;
  readonly f1: number | null;
}

/** Averages over the classes that occur in labels or decisions, as scikit-learn; an undefined entry counts as 0. */
export interface AveragedFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Figures of a multiclass classifier's decisions; null where a denominator is 0. */
export interface MulticlassFigures {
  readonly rows: number;
  readonly accuracy: RateEstimate | null;
  /** Mean recall over the classes that occurred; null without rows. */
  readonly balancedAccuracy: number | null;
  /** Gorodkin's generalisation of Matthews correlation; 0 where it is not defined. */
  readonly matthewsCorrelation: number;
  /** Null where agreement by chance is 1. */
  readonly kappa: number | null;
  readonly classes: readonly ClassFigures[];
  readonly macro: AveragedFigures;
  /** Weighted by support. */
  readonly weighted: AveragedFigures;
}

/** Confusion counts of several classes: integers, streaming, exactly mergeable. Memory: classes squared. */
export class MulticlassConfusion {
  readonly #cells: Float64Array;
  readonly #places: ReadonlyMap<string, number>;

  constructor(readonly labels: readonly string[]) {
    checkNotEmpty('labels', labels);
    this.#places = new Map(labels.map((label, i) => [label, i]));
    if (this.#places.size !== labels.length)
      throw invalidArgument('labels', labels, 'labels that are unique');
    this.#cells = new Float64Array(labels.length * labels.length);
  }

  /** Counts one row. */
  add(actual: string, decided: string): void {
    this.#cells[this.#place('actual', actual) * this.labels.length + this.#place('decided', decided)]! += 1;
  }

  merge(other: MulticlassConfusion): this {
    if (JSON.stringify(other.labels) !== JSON.stringify(this.labels)) {
      throw invalidArgument('other.labels', other.labels, `the labels ${this.labels.join(', ')}`);
    }
    for (let i = 0; i < this.#cells.length; i++) this.#cells[i]! += other.#cells[i]!;
    return this;
  }

  /** Rows are actual classes, columns decisions, both in the order of {@link labels}. */
  toJSON(): { labels: readonly string[]; cells: number[][] } {
    const k = this.labels.length;
    return {
      labels: this.labels,
      cells: this.labels.map((_, i) => Array.from(this.#cells.slice(i * k, i * k + k))),
    };
  }

  static parse({ labels, cells }: { labels: readonly string[]; cells: readonly (readonly number[])[] }) {
    const confusion = new MulticlassConfusion(labels);
    const flat = cells.flat();
    checkInteger('cells', flat.length, 1);
    if (flat.length !== confusion.#cells.length)
      throw invalidArgument('cells', cells, `${labels.length} squared counts`);
    checkCounts('cells', flat);
    confusion.#cells.set(flat);
    return confusion;
  }

  figures(confidence?: number): MulticlassFigures {
    const { actual, decided, right } = this.#margins();
    const rows = sum(actual);
    const correct = sum(right);
    const classes = this.labels.map((label, i): ClassFigures => {
      const both = actual[i]! + decided[i]!;
      return {
        label,
        support: actual[i]!,
        precision: rateOrNull(right[i]!, decided[i]!, confidence),
        recall: rateOrNull(right[i]!, actual[i]!, confidence),
        f1: both === 0 ? null : (2 * right[i]!) / both,
      };
    });
    const seen = classes.filter((figures) => figures.recall !== null);
    return {
      rows,
      accuracy: rateOrNull(correct, rows, confidence),
      balancedAccuracy: rows === 0 ? null : mean(seen.map((figures) => figures.recall!.value)),
      ...agreement(actual, decided, correct, rows),
      classes,
      macro: average(
        classes.filter((_, i) => actual[i]! + decided[i]! > 0),
        () => 1,
      ),
      weighted: average(classes, (figures) => figures.support),
    };
  }

  #margins() {
    const k = this.labels.length;
    const [actual, decided, right] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        actual[i]! += this.#cells[i * k + j]!;
        decided[j]! += this.#cells[i * k + j]!;
      }
      right[i] = this.#cells[i * k + i]!;
    }
    return { actual, decided, right };
  }

  #place(argument: string, label: string): number {
    const place = this.#places.get(label);
    if (place === undefined) throw invalidArgument(argument, label, `one of ${this.labels.join(', ')}`);
    return place;
  }
}

function agreement(actual: Float64Array, decided: Float64Array, correct: number, rows: number) {
  let chance = 0;
  let actualSquares = 0;
  let decidedSquares = 0;
  for (let i = 0; i < actual.length; i++) {
    chance += actual[i]! * decided[i]!;
    actualSquares += actual[i]! ** 2;
    decidedSquares += decided[i]! ** 2;
  }
  const scale = Math.sqrt(rows * rows - decidedSquares) * Math.sqrt(rows * rows - actualSquares);
  const byChance = chance / (rows * rows);
  return {
    matthewsCorrelation: scale === 0 ? 0 : (correct * rows - chance) / scale,
    kappa: rows === 0 || byChance === 1 ? null : (correct / rows - byChance) / (1 - byChance),
  };
}

function average(
  classes: readonly ClassFigures[],
  weightOf: (figures: ClassFigures) => number,
): AveragedFigures {
  const total = classes.reduce((all, figures) => all + weightOf(figures), 0);
  const over = (valueOf: (figures: ClassFigures) => number) =>
    total === 0 ? 0 : classes.reduce((all, figures) => all + weightOf(figures) * valueOf(figures), 0) / total;
  return {
    precision: over((figures) => figures.precision?.value ?? 0),
    recall: over((figures) => figures.recall?.value ?? 0),
    f1: over((figures) => figures.f1 ?? 0),
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
