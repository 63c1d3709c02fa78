import { errors } from '@steward/kernel';
import { type FitControl, report } from '../learner/progress';
import { solveCholesky } from '../linear/cholesky';
import { checkParameters, integer, number, type Rule } from '../parameters/parameters';
import { Random } from '../random/random';

/** What users did with items: one entry for each pair at most (or several, which add up). */
export interface Interactions {
  readonly users: number;
  readonly items: number;
  /** User of each entry, 0 to users - 1. */
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** How much: a count or a duration, above 0. */
  readonly strength: Float64Array;
}

/** Parameters of the factorisation. */
export interface AlsParameters {
  /** Length of the vectors. Default 32. */
  readonly factors: number;
  /** Confidence added for each unit of strength. Default 40. */
  readonly alpha: number;
  /** L2 penalty of the vectors. Default 0.1. */
  readonly regularization: number;
  /** Default 15. */
  readonly iterations: number;
}

/** Fitted vectors: the score of a user for an item is the product of theirs. */
export interface MatrixFactors {
  readonly factors: number;
  /** Row-major [users, factors]. */
  readonly users: Float64Array;
  /** Row-major [items, factors]. */
  readonly items: Float64Array;
}

const defaults: AlsParameters = { factors: 32, alpha: 40, regularization: 0.1, iterations: 15 };
const rules: Readonly<Record<keyof AlsParameters, Rule>> = {
  factors: integer({ min: 1, max: 1024 }),
  alpha: number({ above: 0 }),
  regularization: number({ above: 0 }),
  iterations: integer({ min: 1, max: 10_000 }),
};

/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008): every pair counts,
 * wanted (1) where there was an interaction and not (0) elsewhere, with confidence 1 + alpha x strength. Throws
 * LEARNING.INTERACTIONS for indices or strengths out of range.
 */
export function fitImplicitAls(
  data: Interactions,
  params: Partial<AlsParameters> = {},
  options: FitControl & { readonly seed?: number } = {},
): MatrixFactors {
  const checked = checkParameters('implicit-als', defaults, rules, params);
  checkInteractions(data);
  const random = new Random(options.seed ?? 0);
  const start = (rows: number): Float64Array =>
    Float64Array.from({ length: rows * checked.factors }, () => random.normal() * 0.01);
  const users = start(data.users);
  const items = start(data.items);
  const byUser = grouped(data.user, data.item, data.strength, data.users);
  const byItem = grouped(data.item, data.user, data.strength, data.items);
  for (let i = 1; i <= checked.iterations; i++) {
    solveSide(users, items, byUser, checked);
    solveSide(items, users, byItem, checked);
    report(options, { done: i, total: checked.iterations });
  }
  return { factors: checked.factors, users, items };
}

/** The items with the highest scores for a user, best first, without those of `exclude`. */
export function recommend(
  model: MatrixFactors,
  user: number,
  count: number,
  exclude: ReadonlySet<number> = new Set(),
): { readonly item: number; readonly score: number }[] {
  const { factors, users, items } = model;
  if (!(user >= 0 && user < users.length / factors)) {
    throw errors.invalid('LEARNING.INTERACTIONS', `There is no user ${user}.`);
  }
  const out: { item: number; score: number }[] = [];
  for (let item = 0; item < items.length / factors; item++) {
    if (exclude.has(item)) continue;
    let score = 0;
    for (let f = 0; f < factors; f++) score += users[user * factors + f]! * items[item * factors + f]!;
    out.push({ item, score });
  }
  return out.sort((a, b) => b.score - a.score || a.item - b.item).slice(0, count);
}

interface Groups {
  /** Entries of row r are start[r] to start[r + 1] - 1. */
  readonly start: Int32Array;
  readonly other: Int32Array;
  readonly strength: Float64Array;
}

function grouped(own: Int32Array, other: Int32Array, strength: Float64Array, rows: number): Groups {
  const start = new Int32Array(rows + 1);
  for (const row of own) start[row + 1]!++;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const next = start.slice();
  const out = { start, other: new Int32Array(own.length), strength: new Float64Array(own.length) };
  own.forEach((row, i) => {
    const at = next[row]!++;
    out.other[at] = other[i]!;
    out.strength[at] = strength[i]!;
  });
  return out;
}

/** Solves every row of one side with the other side held fixed. */
function solveSide(rows: Float64Array, fixed: Float64Array, groups: Groups, params: AlsParameters): void {
  const n = params.factors;
  const gram = gramOf(fixed, n);
  for (let j = 0; j < n; j++) gram[j * n + j]! += params.regularization;
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let row = 0; row < groups.start.length - 1; row++) {
    matrix.set(gram);
    right.fill(0);
    for (let e = groups.start[row]!; e < groups.start[row + 1]!; e++) {
      const at = groups.other[e]! * n;
      const extra = params.alpha * groups.strength[e]!;
      for (let j = 0; j < n; j++) {
        const weighted = extra * fixed[at + j]!;
        right[j]! += (1 + extra) * fixed[at + j]!;
        for (let k = 0; k <= j; k++) matrix[j * n + k]! += weighted * fixed[at + k]!;
      }
    }
    solveCholesky(matrix, right);
    rows.set(right, row * n);
  }
}

function gramOf(vectors: Float64Array, n: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let at = 0; at < vectors.length; at += n) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k <= j; k++) gram[j * n + k]! += vectors[at + j]! * vectors[at + k]!;
    }
  }
  return gram;
}

function checkInteractions({ users, items, user, item, strength }: Interactions): void {
  const fine =
    user.length === item.length &&
    user.length === strength.length &&
    user.every((u, i) => u >= 0 && u < users && item[i]! >= 0 && item[i]! < items && strength[i]! > 0) &&
    strength.every(Number.isFinite);
  if (fine && user.length > 0) return;
  throw errors.invalid(
    'LEARNING.INTERACTIONS',
    'Interactions need a user and an item within range and a finite strength above 0 each, and at least one entry.',
  );
}
