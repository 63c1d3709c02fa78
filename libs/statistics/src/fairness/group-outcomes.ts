import { errors } from '@steward/kernel';
import {
  checkCounts,
  checkNotEmpty,
  checkSameLength,
  flagAt,
  invalidArgument,
  type FlagList,
} from '../arguments/check-arguments';

/** The integers of one group. `positive` means the favourable outcome throughout. */
export interface GroupCells {
  /** Label per sensitive attribute, in the order of {@link GroupOutcomesSnapshot.attributes}; null is unknown. */
  readonly labels: readonly (string | null)[];
  readonly rows: number;
  /** Rows predicted favourable. */
  readonly selected: number;
  /** Of the rows whose outcome is known. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** The counts of {@link GroupOutcomes} as JSON; merging snapshots is exact. */
export interface GroupOutcomesSnapshot {
  readonly version: 1;
  readonly attributes: readonly string[];
  readonly groups: readonly GroupCells[];
}

type Cells = { -readonly [K in keyof GroupCells]: GroupCells[K] };

const DEFAULT_MAX_GROUPS = 1000;

/**
 * Counts decisions and outcomes by sensitive group, in one pass and bounded memory: seven integers a group. Merging is
 * exact. A row belongs to one group: the combination of its labels in all attributes; figures by one attribute alone
 * come from adding groups up.
 */
export class GroupOutcomes {
  readonly #groups = new Map<string, Cells>();

  /**
   * @param attributes names of the sensitive attributes, at least one.
   * @param maxGroups more combinations than this are refused. Default 1000.
   */
  constructor(
    readonly attributes: readonly string[],
    private readonly maxGroups: number = DEFAULT_MAX_GROUPS,
  ) {
    checkNotEmpty('attributes', attributes);
    if (new Set(attributes).size !== attributes.length) {
      throw invalidArgument('attributes', attributes, 'names that are unique');
    }
  }

  /**
   * Counts one row.
   *
   * @param labels one per attribute; null where unknown.
   * @param predictedFavourable the decision.
   * @param actuallyFavourable what happened; null while unknown.
   */
  add(
    labels: readonly (string | null)[],
    predictedFavourable: boolean,
    actuallyFavourable: boolean | null,
  ): void {
    const cells = this.#cells(labels);
    cells.rows++;
    if (predictedFavourable) cells.selected++;
    if (actuallyFavourable === null) return;
    if (predictedFavourable) cells[actuallyFavourable ? 'truePositives' : 'falsePositives']++;
    else cells[actuallyFavourable ? 'falseNegatives' : 'trueNegatives']++;
  }

  /** Adds the counts of another window over the same attributes to this one. Returns this. */
  merge(other: GroupOutcomes | GroupOutcomesSnapshot): this {
    const snapshot = other instanceof GroupOutcomes ? other.toJSON() : other;
    if (JSON.stringify(snapshot.attributes) !== JSON.stringify(this.attributes)) {
      throw invalidArgument(
        'other.attributes',
        snapshot.attributes,
        `the attributes ${this.attributes.join(', ')}`,
      );
    }
    for (const group of snapshot.groups) {
      checkGroup(group);
      const cells = this.#cells(group.labels);
      for (const field of FIELDS) cells[field] += group[field];
    }
    return this;
  }

  /** Groups in the order of their labels, so that the same counts give the same bytes. */
  toJSON(): GroupOutcomesSnapshot {
    const keys = [...this.#groups.keys()].sort((a, b) => (a < b ? -1 : 1));
    const groups = keys.map((key) => ({ ...this.#groups.get(key)! }));
    return { version: 1, attributes: [...this.attributes], groups };
  }

  /** Reads a snapshot back. */
  static parse(snapshot: GroupOutcomesSnapshot): GroupOutcomes {
    if (snapshot.version !== 1) throw invalidArgument('snapshot.version', snapshot.version, 'version 1');
    if (!Array.isArray(snapshot.attributes) || !Array.isArray(snapshot.groups)) {
      throw invalidArgument('snapshot', snapshot, 'attributes and groups');
    }
    return new GroupOutcomes(snapshot.attributes).merge(snapshot);
  }

  #cells(labels: readonly (string | null)[]): Cells {
    checkSameLength('attributes', this.attributes, 'labels', labels);
    const key = JSON.stringify(labels);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size >= this.maxGroups) {
      throw errors.limit(
        'STATISTICS.TOO_MANY_GROUPS',
        `The sensitive attributes have more than ${this.maxGroups} combinations; use coarser labels.`,
        { details: { attributes: this.attributes, limit: this.maxGroups } },
      );
    }
    const cells: Cells = { labels: [...labels], ...EMPTY };
    this.#groups.set(key, cells);
    return cells;
  }
}

const FIELDS = [
  'rows',
  'selected',
  'truePositives',
  'falsePositives',
  'falseNegatives',
  'trueNegatives',
] as const;
const EMPTY = {
  rows: 0,
  selected: 0,
  truePositives: 0,
  falsePositives: 0,
  falseNegatives: 0,
  trueNegatives: 0,
};

function checkGroup(group: GroupCells): void {
  const {
    rows,
    selected,
    truePositives: tp,
    falsePositives: fp,
    falseNegatives: fn,
    trueNegatives: tn,
  } = group;
  checkCounts('group', [rows, selected, tp, fp, fn, tn]);
  if (selected > rows) throw invalidArgument('group.selected', selected, `at most the ${rows} rows`);
  if (tp + fp > selected || fn + tn > rows - selected) {
    throw invalidArgument('group', [tp, fp, fn, tn], 'outcomes of no more rows than there are');
  }
}

/** One sensitive attribute as a column; null where a row's label is unknown. */
export interface SensitiveColumn {
  readonly name: string;
  readonly values: ArrayLike<string | null>;
}

/**
 * Counts whole columns.
 *
 * @param favourablePrediction one flag per row: is the decision the favourable one?
 * @param favourableOutcome one flag per row, null where unknown; or null where no outcome is known.
 * @param attributes as long as the predictions.
 */
export function countGroupOutcomes(
  favourablePrediction: FlagList,
  favourableOutcome: ArrayLike<number | boolean | null> | null,
  attributes: readonly SensitiveColumn[],
): GroupOutcomes {
  if (favourableOutcome !== null) {
    checkSameLength('favourablePrediction', favourablePrediction, 'favourableOutcome', favourableOutcome);
  }
  for (const { name, values } of attributes) {
    checkSameLength('favourablePrediction', favourablePrediction, `attributes.${name}`, values);
  }
  const groups = new GroupOutcomes(attributes.map(({ name }) => name));
  for (let i = 0; i < favourablePrediction.length; i++) {
    const known =
      favourableOutcome !== null && favourableOutcome[i] !== null && favourableOutcome[i] !== undefined;
    const actual = known ? flagAt('favourableOutcome', favourableOutcome as FlagList, i) === 1 : null;
    const labels = attributes.map(({ values }) => values[i] ?? null);
    groups.add(labels, flagAt('favourablePrediction', favourablePrediction, i) === 1, actual);
  }
  return groups;
}
