import type { RefusalGround, SubjectRequestKind, SubjectRequestState } from '@steward/contracts';
import { errors } from '@steward/kernel';

/** A request of a data subject. The subject is named by its pseudonym; who that is only ingestion knows. */
export interface SubjectRequest {
  readonly id: string;
  readonly project: string;
  readonly pseudonym: string;
  readonly kind: SubjectRequestKind;
  readonly state: SubjectRequestState;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly extended: boolean;
  /** The person who answers for it. */
  readonly responsible: string | null;
  readonly openedBy: string;
  readonly correlation: string;
  readonly runBy: string | null;
  readonly runAt: string | null;
  readonly ground: RefusalGround | null;
  /** What it came to: digests, versions and figures. */
  readonly result: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly endedAt: string | null;
}

export type NoteKind = 'identity' | 'evidence' | 'reason';

/** Evidence or a reason: free text, or the digest of a document that is kept elsewhere. */
export interface RequestNote {
  readonly id: string;
  readonly kind: NoteKind;
  readonly author: string;
  readonly text: string | null;
  readonly digest: string | null;
  readonly createdAt: string;
}

/** What one service still owes, or answered. */
export interface RequestStep {
  readonly service: string;
  readonly state: 'waiting' | 'done';
  readonly answer: Readonly<Record<string, unknown>> | null;
  readonly answeredAt: string | null;
}

/** GDPR 12(3): a month from receipt, two more where it is complex and the subject was told why within the first. */
const FIRST_MONTHS = 1;
export const MOST_FURTHER_MONTHS = 2;

const NEXT: Readonly<Record<SubjectRequestState, readonly SubjectRequestState[]>> = {
  received: ['in_progress', 'fulfilled', 'refused', 'withdrawn'],
  in_progress: ['fulfilled'],
  fulfilled: [],
  refused: [],
  withdrawn: [],
};

export const isOpen = (state: SubjectRequestState): boolean => NEXT[state].length > 0;

/** When an answer is due to what was received at this moment. */
export const firstDue = (receivedAt: string): string => addMonths(receivedAt, FIRST_MONTHS);

/** The same day so many months later, or that month's last (Regulation 1182/71, Art. 3). UTC. */
export function addMonths(iso: string, months: number): string {
  const moment = new Date(iso);
  const day = moment.getUTCDate();
  moment.setUTCDate(1);
  moment.setUTCMonth(moment.getUTCMonth() + months);
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
  moment.setUTCDate(Math.min(day, last));
  return moment.toISOString();
}

/** Throws GOVERNANCE.SUBJECT_REQUEST_STATE unless the request may go there from where it is. */
export function requireMove(request: SubjectRequest, to: SubjectRequestState): void {
  if (NEXT[request.state].includes(to)) return;
  throw errors.conflict(
    'GOVERNANCE.SUBJECT_REQUEST_STATE',
    `The request is ${request.state.replace('_', ' ')}; it cannot become ${to.replace('_', ' ')}.`,
    { details: { state: request.state } },
  );
}

/** Throws GOVERNANCE.SUBJECT_REQUEST_STATE where nobody has anything to do with it any more. */
export function requireOpen(request: SubjectRequest): void {
  if (isOpen(request.state)) return;
  throw errors.conflict('GOVERNANCE.SUBJECT_REQUEST_STATE', `The request has ended: ${request.state}.`, {
    details: { state: request.state },
  });
}

/**
 * The clock of a request that is extended by so many months. Throws GOVERNANCE.SUBJECT_REQUEST_EXTENDED (once only),
 * GOVERNANCE.SUBJECT_REQUEST_OVERDUE (the subject must be told within the first month).
 */
export function extendedDue(request: SubjectRequest, months: number, now: string): string {
  if (request.extended)
    throw errors.conflict('GOVERNANCE.SUBJECT_REQUEST_EXTENDED', 'The time was extended once already.');
  if (now > request.dueAt)
    throw errors.conflict(
      'GOVERNANCE.SUBJECT_REQUEST_OVERDUE',
      `The answer was due at ${request.dueAt}; an extension had to be told before.`,
    );
  return addMonths(request.receivedAt, FIRST_MONTHS + months);
}

/** Throws unless somebody answers for the request and the subject's identity was established. */
export function requireReady(request: SubjectRequest, notes: readonly RequestNote[]): void {
  if (request.responsible === null)
    throw errors.conflict(
      'GOVERNANCE.SUBJECT_REQUEST_UNASSIGNED',
      'Nobody answers for this request yet: assign a person first.',
    );
  if (!notes.some(({ kind }) => kind === 'identity'))
    throw errors.conflict(
      'GOVERNANCE.SUBJECT_REQUEST_UNIDENTIFIED',
      'Add evidence of kind identity first: how it was established that the subject itself asks.',
    );
}

export function subjectRequestNotFound(id: string) {
  return errors.notFound('GOVERNANCE.SUBJECT_REQUEST_NOT_FOUND', `There is no such request: ${id}.`);
}
