import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import type { SubjectRequestKind } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { MoveSubjectRequest } from './move-subject-request';
import { firstDue, type SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';

/** The subject's letter may have come days before somebody enters it, not years. */
const OLDEST_MS = 366 * 24 * 3600 * 1000;
const AHEAD_MS = 5 * 60_000;

export interface NewRequest {
  readonly pseudonym: string;
  readonly kind: SubjectRequestKind;
  /** When it reached the controller: the clock runs from here. Null: now. */
  readonly receivedAt: string | null;
}

/** Opens a request of a data subject; its clock runs from when it was received. */
@Injectable()
export class OpenSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly moves: MoveSubjectRequest,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_REQUEST_OPEN, GOVERNANCE.SUBJECT_REQUEST_TIME. */
  async execute(caller: Caller, project: string, asked: NewRequest): Promise<SubjectRequest> {
    const request = this.newRequest(caller, project, asked);
    return this.database.transaction(async (unit) => {
      if (!(await this.requests.add(unit, request)))
        throw errors.conflict(
          'GOVERNANCE.SUBJECT_REQUEST_OPEN',
          `A request of kind ${asked.kind} is open for this subject. Go on with that one.`,
        );
      this.moves.announce(unit, caller, request);
      this.moves.record(unit, caller, request, 'subject-request.open', { dueAt: request.dueAt });
      return request;
    });
  }

  private newRequest(caller: Caller, project: string, asked: NewRequest): SubjectRequest {
    const receivedAt =
      asked.receivedAt === null ? this.clock.iso() : new Date(asked.receivedAt).toISOString();
    const age = this.clock.now() - Date.parse(receivedAt);
    if (age < -AHEAD_MS || age > OLDEST_MS)
      throw errors.invalid(
        'GOVERNANCE.SUBJECT_REQUEST_TIME',
        'A request was received in the past, within a year.',
      );
    return {
      id: newId(this.clock.now()),
      project,
      pseudonym: asked.pseudonym,
      kind: asked.kind,
      state: 'received',
      receivedAt,
      dueAt: firstDue(receivedAt),
      extended: false,
      responsible: null,
      openedBy: caller.principal.id,
      correlation: caller.correlation,
      runBy: null,
      runAt: null,
      ground: null,
      result: null,
      endedAt: null,
    };
  }
}
