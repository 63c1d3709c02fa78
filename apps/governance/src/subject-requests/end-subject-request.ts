import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import type { RefusalGround } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { MoveSubjectRequest } from './move-subject-request';
import { NoteSubjectRequest } from './note-subject-request';
import { requireMove, type SubjectRequest } from './subject-request';

export interface RequestEnd {
  readonly state: 'refused' | 'withdrawn';
  readonly ground: RefusalGround | null;
  readonly reason: string | null;
}

/** Ends a request that is not carried out: refused on a ground, with the reason that the subject is told, or withdrawn. */
@Injectable()
export class EndSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveSubjectRequest,
    private readonly notes: NoteSubjectRequest,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_REQUEST_STATE once it is being carried out. */
  async execute(caller: Caller, project: string, id: string, end: RequestEnd): Promise<SubjectRequest> {
    return this.database.transaction(async (unit) => {
      const request = await this.moves.locked(unit, project, id);
      requireMove(request, end.state);
      if (end.reason !== null)
        await this.notes.within(unit, caller, request, { kind: 'reason', text: end.reason, digest: null });
      return this.moves.move(unit, caller, request, {
        action: end.state === 'refused' ? 'subject-request.refuse' : 'subject-request.withdraw',
        to: { state: end.state, ground: end.ground, endedAt: this.clock.iso() },
        details: { ground: end.ground },
      });
    });
  }
}
