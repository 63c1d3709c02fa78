import type { RoleAnswer } from './role-answers';
import { rulesText } from './rules-text';

/** One step from the policy as it is to what a file says. */
export interface PolicyStep {
  readonly kind: string;
  readonly role: string;
  readonly user?: string;
  readonly project?: string | null;
}

export interface PolicyPlan {
  readonly steps: readonly PolicyStep[];
  /** Of the policy that the steps start from: who applies them says it, so that nothing that came since is lost. */
  readonly digest: string;
}

/** The policy as a document, as governance exports it. */
export interface PolicyDocument {
  readonly roles: Readonly<Record<string, Pick<RoleAnswer, 'description' | 'rules'>>>;
  readonly requireTotp: readonly string[];
  readonly bindings: Readonly<Record<string, readonly { role: string; project: string | null }[]>>;
}

export type StepSign = 'new' | 'changed' | 'gone';

const KINDS: Readonly<Record<string, readonly [StepSign, string]>> = {
  'role.create': ['new', 'a role is made'],
  'role.change': ['changed', 'a role is changed'],
  'role.delete': ['gone', 'a role is deleted'],
  'totp.require': ['new', 'a second factor is needed'],
  'totp.release': ['gone', 'no second factor is needed'],
  'role.grant': ['new', 'a role is given'],
  'role.revoke': ['gone', 'a role is taken away'],
};

/** A step in words: its sign, what is done, to what. */
export function stepWords({ kind, role, user, project }: PolicyStep): {
  readonly sign: StepSign;
  readonly what: string;
  readonly of: string;
} {
  const [sign, what] = KINDS[kind] ?? ['changed', kind];
  const of = user === undefined ? role : `${user}: ${role}${project ? ` in ${project}` : ' everywhere'}`;
  return { sign, what, of };
}

/** A line of a text that is compared: in both, only before, or only after. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Beyond so many comparisons of lines the texts are shown one after the other. */
const MOST_COMPARISONS = 4_000_000;

/** The lines of two texts side by side, by their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  if (left.length * right.length > MOST_COMPARISONS)
    return [
      ...left.map((text): DiffLine => ({ sign: '-', text })),
      ...right.map((text): DiffLine => ({ sign: '+', text })),
    ];
  const common = Array.from({ length: left.length + 1 }, () => right.map(() => 0).concat(0));
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      common[i]![j] =
        left[i] === right[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length)
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push({ sign: ' ', text: left[i]! });
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      lines.push({ sign: '-', text: left[i++]! });
    else lines.push({ sign: '+', text: right[j++]! });
  return lines;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** What becomes of the rules of one role, line by line; null for steps that concern no rules. */
export function roleDiff(
  { kind, role }: PolicyStep,
  before: PolicyDocument,
  after: PolicyDocument,
): DiffLine[] | null {
  if (!kind.startsWith('role.') || kind === 'role.grant' || kind === 'role.revoke') return null;
  const textOf = ({ roles }: PolicyDocument): string => {
    const found = roles[role];
    if (!found) return '';
    const described = found.description ? `# ${found.description.replaceAll('\n', ' ')}\n` : '';
    return `${described}${rulesText(found.rules, 'yaml')}`;
  };
  return diffLines(textOf(before), textOf(after));
}
