/** A request of a data subject, who is known by a pseudonym alone. */
export interface SubjectRequestAnswer {
  readonly id: string;
  readonly pseudonym: string;
  readonly kind: string;
  readonly state: 'received' | 'in_progress' | 'fulfilled' | 'refused' | 'withdrawn';
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly extended: boolean;
  readonly overdue: boolean;
  readonly responsible: string | null;
  readonly ground: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly endedAt: string | null;
  readonly correlation: string;
}

export interface RequestNoteAnswer {
  readonly id: string;
  readonly kind: 'identity' | 'evidence' | 'reason';
  readonly author: string;
  readonly text: string | null;
  readonly digest: string | null;
  readonly createdAt: string;
}

export interface WholeSubjectRequestAnswer extends SubjectRequestAnswer {
  readonly notes: readonly RequestNoteAnswer[];
  readonly steps: readonly {
    readonly service: string;
    readonly state: 'waiting' | 'done';
    readonly answeredAt: string | null;
  }[];
  readonly archive: {
    readonly size: number;
    readonly expiresAt: string;
    readonly downloads: number;
    readonly deletedAt: string | null;
  } | null;
}

export const REQUEST_KINDS = [
  'access',
  'portability',
  'rectification',
  'restriction',
  'objection',
  'erasure',
];
export const REQUEST_STATES = ['received', 'in_progress', 'fulfilled', 'refused', 'withdrawn'];
export const REFUSAL_GROUNDS = [
  'subject-not-identified',
  'manifestly-unfounded',
  'excessive',
  'legal-obligation',
  'legal-claims',
  'public-interest',
  'compelling-grounds',
  'rights-of-others',
];

const DAY_MS = 86_400_000;

/** How much of the time that the law gives is left. */
export function timeLeft(
  { dueAt, endedAt, overdue }: Pick<SubjectRequestAnswer, 'dueAt' | 'endedAt' | 'overdue'>,
  now: number,
): string {
  if (endedAt !== null) return 'ended';
  if (overdue) return 'overdue';
  const days = Math.floor((Date.parse(dueAt) - now) / DAY_MS);
  return days < 1 ? 'due today' : days === 1 ? '1 day left' : `${days} days left`;
}
