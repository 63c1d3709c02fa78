import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { MoveSubjectRequest } from './move-subject-request';
import { requireOpen, type NoteKind, type SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';

export interface NewNote {
  readonly kind: NoteKind;
  readonly text: string | null;
  readonly digest: string | null;
}

/**
 * Adds evidence or a reason to a request. The text stays in governance's own table, where erasure empties it: neither
 * the audit entry nor any topic carries it.
 */
@Injectable()
export class NoteSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly moves: MoveSubjectRequest,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, project: string, id: string, note: NewNote): Promise<SubjectRequest> {
    return this.database.transaction(async (unit) => {
      const request = await this.moves.locked(unit, project, id);
      requireOpen(request);
      await this.within(unit, caller, request, note);
      return request;
    });
  }

  async within(unit: UnitOfWork, caller: Caller, request: SubjectRequest, note: NewNote): Promise<void> {
    const noteId = newId(this.clock.now());
    await this.requests.addNote(unit, request.id, {
      id: noteId,
      ...note,
      author: caller.principal.id,
      createdAt: this.clock.iso(),
    });
    this.moves.record(unit, caller, request, 'subject-request.note', {
      note: noteId,
      noteKind: note.kind,
      document: note.digest,
    });
  }
}
