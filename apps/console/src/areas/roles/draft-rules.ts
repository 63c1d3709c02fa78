import type { RuleAnswer } from './role-answers';

export const OPERATORS = ['$eq', '$ne', '$in', '$nin'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One line of "only where": complete or not. */
export interface DraftCondition {
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A rule as the rows of the form hold it. */
export interface DraftRule {
  readonly inverted: boolean;
  readonly action: readonly string[];
  readonly subject: readonly string[];
  readonly conditions: readonly DraftCondition[];
}

/** What a rule begins with. */
export const NEW_RULE: DraftRule = { inverted: false, action: ['read'], subject: [], conditions: [] };

export const takesMany = (operator: Operator): boolean => operator === '$in' || operator === '$nin';

const isOperator = (name: string): name is Operator => (OPERATORS as readonly string[]).includes(name);

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

/** The rows for rules that a service has accepted. */
export function draftsOf(rules: readonly RuleAnswer[]): DraftRule[] {
  return rules.map(({ action, subject, conditions = {}, inverted = false }) => ({
    inverted,
    action: [...action],
    subject: [...subject],
    conditions: Object.entries(conditions).flatMap(([field, expected]): DraftCondition[] =>
      typeof expected === 'object' && expected !== null && !Array.isArray(expected)
        ? Object.entries(expected).map(([name, value]) => ({
            field,
            operator: isOperator(name) ? name : '$eq',
            values: textsOf(value),
          }))
        : [{ field, operator: '$eq', values: textsOf(expected) }],
    ),
  }));
}

/** The rules that the rows say. */
export const rulesOf = (drafts: readonly DraftRule[]): RuleAnswer[] =>
  drafts.map(({ inverted, action, subject, conditions }) => ({
    action,
    subject,
    ...(conditions.length > 0 ? { conditions: conditionsOf(conditions) } : {}),
    ...(inverted ? { inverted } : {}),
  }));

function conditionsOf(conditions: readonly DraftCondition[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { field, operator, values } of conditions) {
    const value = takesMany(operator) ? values : (values[0] ?? '');
    const alone = conditions.filter((each) => each.field === field).length === 1;
    if (alone && operator === '$eq') found[field] = value;
    else found[field] = { ...(found[field] as object | undefined), [operator]: value };
  }
  return found;
}

/** What a rule's rows lack, a sentence each; what its words may be, the service says. */
export function draftFaults({ action, subject, conditions }: DraftRule): string[] {
  const kinds = conditions.map(({ field, operator }) => `${field} ${operator}`);
  return [
    ...(action.length === 0 ? ['Choose at least one action.'] : []),
    ...(subject.length === 0 ? ['Choose at least one kind of object.'] : []),
    ...conditions
      .filter(({ field, values }) => field !== '' && values.every((value) => value.trim() === ''))
      .map(({ field }) => `Say a value for the condition on ${field}, or take the condition away.`),
    ...(conditions.some(({ field }) => field === '')
      ? ['Choose a field for each condition, or take the condition away.']
      : []),
    ...(new Set(kinds).size < kinds.length
      ? ['Two conditions ask the same of one field: put both values into one of them.']
      : []),
  ];
}

/** The fields that a condition may use: those that every chosen kind of object has. */
export function fieldsFor(
  subjects: readonly string[],
  conditionFields: Readonly<Record<string, readonly string[]>>,
): string[] {
  const [first, ...others] = subjects.map((subject) => conditionFields[subject] ?? []);
  return (first ?? []).filter((field) => others.every((fields) => fields.includes(field)));
}

/** Own objects only: who asks must have made the object. */
export const ownOnly = (self: string): DraftCondition => ({
  field: 'createdBy',
  operator: '$eq',
  values: [self],
});

export const isOwnOnly = ({ field, operator, values }: DraftCondition, self: string): boolean =>
  field === 'createdBy' && operator === '$eq' && values.length === 1 && values[0] === self;
