import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { MoveSubjectRequest } from './move-subject-request';
import { NoteSubjectRequest } from './note-subject-request';
import { extendedDue, requireOpen, type SubjectRequest } from './subject-request';

/** Extends a request's clock (GDPR 12(3)), with the reason that the subject is told. */
@Injectable()
export class ExtendSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveSubjectRequest,
    private readonly notes: NoteSubjectRequest,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_REQUEST_EXTENDED, GOVERNANCE.SUBJECT_REQUEST_OVERDUE. */
  async execute(
    caller: Caller,
    project: string,
    id: string,
    extension: { readonly months: number; readonly reason: string },
  ): Promise<SubjectRequest> {
    return this.database.transaction(async (unit) => {
      const request = await this.moves.locked(unit, project, id);
      requireOpen(request);
      const dueAt = extendedDue(request, extension.months, this.clock.iso());
      await this.notes.within(unit, caller, request, {
        kind: 'reason',
        text: extension.reason,
        digest: null,
      });
      return this.moves.move(unit, caller, request, {
        action: 'subject-request.extend',
        to: { dueAt, extended: true },
        details: { months: extension.months, dueAt },
      });
    });
  }
}
