import type { ReferenceProfile } from '@steward/statistics';

/** A column of a request, as engines take it. */
type Column =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] };

/**
 * Why a row is unlike the training data: a value outside of the reference's range, a category that it has not, a value
 * missing where none was, or the row as a whole.
 */
export type Strangeness = 'range' | 'category' | 'missing' | 'isolation';

/** What the reference of a version knows of one input. */
export interface InputDomain {
  readonly name: string;
  /** The smallest and the largest number; null: no number counts as outside. */
  readonly range: { readonly min: number; readonly max: number } | null;
  /** Every category that was seen, rare ones too; null: none counts as new. */
  readonly categories: ReadonlySet<string> | null;
  /** Whether a value was ever missing. */
  readonly missing: boolean;
}

/** Rows unlike the reference. */
export interface Outside {
  /** In their order, each once. */
  readonly rows: readonly number[];
  /** Names of the columns, in the model's order; none where rows are unlike as a whole. */
  readonly columns: readonly string[];
  /** Rows by why; a row may have several reasons. */
  readonly because: Readonly<Record<Strangeness, number>>;
  /** Those of the rows that are unlike as a whole. */
  readonly isolated: readonly number[];
  /** The first of them in the first column; null: as a whole. */
  readonly first: { readonly row: number; readonly column: string | null; readonly because: Strangeness };
}

/**
 * The domains of a model's inputs, in their order; null where the reference says nothing of an input. A time has no
 * range: what comes after training is later than all of it.
 */
export function domainsOf(
  inputs: readonly { readonly name: string; readonly kind: string }[],
  reference: ReferenceProfile,
): (InputDomain | null)[] {
  const columns = new Map(reference.columns.map((column) => [column.name, column]));
  return inputs.map(({ name, kind }) => {
    const column = columns.get(name);
    if (!column || column.rows === 0) return null;
    const missing = column.missing > 0;
    if (column.kind === 'categorical') {
      // More than 1,000 rare ones are not in the reference: then none can be called new.
      const categories = column.rare === null ? null : new Set([...column.categories, ...column.rare]);
      return { name, range: null, categories, missing };
    }
    const { min, max } = column;
    const range = min === null || max === null || kind === 'time' ? null : { min, max };
    return { name, range, categories: null, missing };
  });
}

/**
 * The rows unlike the training data; null: there are none. `tolerance` is the share of a column's range by which a
 * number may lie outside of it; `isolated` are rows that are unlike as a whole. Values are compared and never kept.
 */
export function outsideOf(
  domains: readonly (InputDomain | null)[],
  inputs: readonly Column[],
  rows: number,
  tolerance: number,
  isolated: readonly number[] = [],
): Outside | null {
  let found: Findings | null = null;
  for (const [index, domain] of domains.entries()) {
    const column = inputs[index];
    if (!domain || !column) continue;
    const why = column.kind === 'numbers' ? numberCheck(domain, tolerance) : textCheck(domain);
    for (let row = 0; row < rows; row++) {
      const because = why(column.values[row]!);
      if (because === null) continue;
      found ??= new Findings(rows);
      found.add(row, domain.name, because);
    }
  }
  for (const row of isolated) {
    found ??= new Findings(rows);
    found.add(row, null, 'isolation');
  }
  return found?.whole(isolated) ?? null;
}

type Check = (value: number | string | null) => Strangeness | null;

function numberCheck({ range, missing }: InputDomain, tolerance: number): Check {
  const slack = range ? tolerance * (range.max - range.min) : 0;
  const low = range ? range.min - slack : -Infinity;
  const high = range ? range.max + slack : Infinity;
  return (value) => {
    const number = value as number;
    if (Number.isNaN(number)) return missing ? null : 'missing';
    return number < low || number > high ? 'range' : null;
  };
}

function textCheck({ categories, missing }: InputDomain): Check {
  return (value) => {
    if (value === null) return missing ? null : 'missing';
    return categories === null || categories.has(value as string) ? null : 'category';
  };
}

class Findings {
  private readonly reasons: Record<Strangeness, Set<number>> = {
    range: new Set(),
    category: new Set(),
    missing: new Set(),
    isolation: new Set(),
  };
  private readonly marked: Uint8Array;
  private readonly columns = new Set<string>();
  private first: Outside['first'] | null = null;

  constructor(rows: number) {
    this.marked = new Uint8Array(rows);
  }

  add(row: number, column: string | null, because: Strangeness): void {
    this.first ??= { row, column, because };
    this.marked[row] = 1;
    if (column !== null) this.columns.add(column);
    this.reasons[because].add(row);
  }

  whole(isolated: readonly number[]): Outside {
    const rows: number[] = [];
    this.marked.forEach((mark, row) => mark === 1 && rows.push(row));
    const { range, category, missing, isolation } = this.reasons;
    return {
      rows,
      columns: [...this.columns],
      because: {
        range: range.size,
        category: category.size,
        missing: missing.size,
        isolation: isolation.size,
      },
      isolated,
      first: this.first!,
    };
  }
}
