import type { SubjectRequestKind, SubjectRequestState } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { RequestNote, RequestStep, SubjectRequest } from './subject-request';
import type { Term, TermReason } from './subject-terms';

export interface RequestQuery {
  readonly project: string;
  readonly state: SubjectRequestState | null;
  readonly kind: SubjectRequestKind | null;
  readonly pseudonym: string | null;
  /** Only open requests whose time had run out at this moment. */
  readonly overdueAt: string | null;
  readonly limit: number;
  readonly after: string | null;
}

/** What was gathered for a request. */
export interface SubjectArchive {
  readonly requestId: string;
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly expiresAt: string;
  readonly downloads: number;
  readonly deletedAt: string | null;
}

/** Requests of data subjects and what belongs to them. Abstract class = injection token. */
export abstract class SubjectRequestRepository {
  /** False where one of this kind is open for the subject already. */
  abstract add(unit: UnitOfWork, request: SubjectRequest): Promise<boolean>;
  abstract find(project: string, id: string): Promise<SubjectRequest | null>;
  /** Held until the transaction ends. */
  abstract lock(unit: UnitOfWork, id: string): Promise<SubjectRequest | null>;
  abstract change(unit: UnitOfWork, id: string, to: Partial<SubjectRequest>): Promise<void>;
  /** Newest first. */
  abstract list(query: RequestQuery): Promise<SubjectRequest[]>;
  abstract counts(now: string): Promise<{ kind: string; open: number; overdue: number }[]>;

  abstract addNote(unit: UnitOfWork, requestId: string, note: RequestNote): Promise<void>;
  abstract notes(requestId: string, unit?: UnitOfWork): Promise<RequestNote[]>;
  /** Empties the texts of all notes on requests of the subject; returns how many had one. */
  abstract eraseNotes(unit: UnitOfWork, project: string, pseudonym: string): Promise<number>;

  abstract addSteps(unit: UnitOfWork, requestId: string, services: readonly string[]): Promise<void>;
  /** False if that step was done already, or never ordered. */
  abstract finishStep(
    unit: UnitOfWork,
    requestId: string,
    service: string,
    answer: Readonly<Record<string, unknown>>,
    at: string,
  ): Promise<boolean>;
  abstract steps(requestId: string, unit?: UnitOfWork): Promise<RequestStep[]>;
  /** Requests in progress of which every service has answered. */
  abstract answered(): Promise<SubjectRequest[]>;
}

/** What subjects do not allow. */
export abstract class SubjectTermsRepository {
  /** Held until the transaction ends, so that two changes for one subject come one after the other. */
  abstract lock(unit: UnitOfWork, project: string, pseudonym: string): Promise<void>;
  abstract put(
    unit: UnitOfWork,
    project: string,
    pseudonym: string,
    term: Term & { readonly requestId: string | null; readonly since: string },
  ): Promise<void>;
  /** False where there was none. */
  abstract lift(unit: UnitOfWork, project: string, pseudonym: string, because: TermReason): Promise<boolean>;
  abstract of(unit: UnitOfWork, project: string, pseudonym: string): Promise<Term[]>;
  abstract list(
    project: string,
    page: { limit: number; after: string | null },
  ): Promise<
    (Term & { readonly pseudonym: string; readonly requestId: string | null; readonly since: string })[]
  >;
}

/** Archives of access and portability. */
export abstract class SubjectArchiveRepository {
  abstract add(unit: UnitOfWork, archive: Omit<SubjectArchive, 'downloads' | 'deletedAt'>): Promise<void>;
  abstract find(requestId: string): Promise<SubjectArchive | null>;
  abstract countDownload(unit: UnitOfWork, requestId: string, at: string): Promise<void>;
  /** Archives whose time is over and whose bytes are still there. */
  abstract expired(now: string): Promise<SubjectArchive[]>;
  abstract ofSubject(project: string, pseudonym: string): Promise<SubjectArchive[]>;
  abstract markDeleted(unit: UnitOfWork, requestId: string, at: string): Promise<void>;
}
