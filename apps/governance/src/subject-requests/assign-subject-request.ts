import { Injectable } from '@nestjs/common';
import { Access, PolicyCache, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { MoveSubjectRequest } from './move-subject-request';
import { requireOpen, type SubjectRequest } from './subject-request';

/** Names the person who answers for a request. */
@Injectable()
export class AssignSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveSubjectRequest,
    private readonly policy: PolicyCache,
    private readonly access: Access,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_REQUEST_PERSON for who could not handle it. */
  async execute(caller: Caller, project: string, id: string, person: string): Promise<SubjectRequest> {
    this.requireAble(project, person);
    return this.database.transaction(async (unit) => {
      const request = await this.moves.locked(unit, project, id);
      requireOpen(request);
      return this.moves.move(unit, caller, request, {
        action: 'subject-request.assign',
        to: { responsible: person },
        details: { responsible: person },
      });
    });
  }

  private requireAble(project: string, person: string): void {
    const found = this.policy.current.principals.get(person);
    const able =
      found?.active === true &&
      found.kind === 'person' &&
      this.access.can(
        {
          id: person,
          kind: 'person',
          roles: found.roles,
          credential: { kind: 'internal', id: 'assignment' },
        },
        'update',
        'SubjectRequest',
        { project },
      );
    if (able) return;
    throw errors.invalid(
      'GOVERNANCE.SUBJECT_REQUEST_PERSON',
      'Name an active person who may handle requests of data subjects in this project (role privacy-officer).',
    );
  }
}
