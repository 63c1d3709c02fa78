/** A rule of a role, as every service applies it. */
export interface RuleAnswer {
  readonly action: readonly string[];
  readonly subject: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly inverted?: boolean;
}

export interface RoleAnswer {
  readonly role: string;
  readonly builtIn: boolean;
  readonly version: number | null;
  readonly description: string;
  readonly rules: readonly RuleAnswer[];
  readonly requiresTotp: boolean;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

export type Allowed = 'yes' | 'no' | 'conditional';

export interface MatrixAnswer {
  readonly actions: readonly string[];
  readonly subjects: readonly string[];
  readonly roles: readonly {
    readonly role: string;
    readonly cells: readonly {
      readonly action: string;
      readonly subject: string;
      readonly allowed: Allowed;
    }[];
  }[];
}

export interface ExplanationAnswer {
  readonly allowed: boolean;
  readonly because: string;
  readonly rules: readonly {
    readonly role: string;
    readonly project: string | null;
    readonly inverted: boolean;
    readonly matched: boolean | null;
    /** The conditions that did not hold, or (null) could not be judged. */
    readonly failed: readonly {
      readonly field: string;
      readonly operator: string;
      readonly expected: unknown;
      readonly actual?: unknown;
      readonly holds: boolean | null;
    }[];
    readonly sentence: string;
  }[];
}

const WORDS: Readonly<Record<string, string>> = {
  $eq: 'is',
  $ne: 'is not',
  $in: 'is one of',
  $nin: 'is none of',
};
const listed = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

/** Conditions in words: "alias is not champion". */
export function conditionText(conditions: RuleAnswer['conditions'] = {}): string {
  return Object.entries(conditions)
    .flatMap(([field, expected]) =>
      typeof expected === 'object' && expected !== null && !Array.isArray(expected)
        ? Object.entries(expected).map(
            ([operator, value]) => `${field} ${WORDS[operator] ?? operator} ${listed(value)}`,
          )
        : [`${field} is ${listed(expected)}`],
    )
    .join(' and ');
}

/** One subject of the matrix: what each role may do, by action. Actions that nobody may do are left out. */
export function matrixOf({ actions, roles }: MatrixAnswer, subject: string) {
  const rows = roles.map(({ role, cells }) => ({
    role,
    allowed: new Map(
      cells.filter((cell) => cell.subject === subject).map((cell) => [cell.action, cell.allowed]),
    ),
  }));
  const used = actions.filter((action) => rows.some(({ allowed }) => (allowed.get(action) ?? 'no') !== 'no'));
  return { actions: used, rows };
}
