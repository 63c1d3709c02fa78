import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { SubjectRequestChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { subjectRequestNotFound, type SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';

/** What an act on a request changes, and how the audit log names it. */
export interface RequestAct {
  /** `subject-request.refuse` ... */
  readonly action: string;
  readonly to: Partial<SubjectRequest>;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The one way in which a request changes: its row, its event and its audit entry in one transaction. */
@Injectable()
export class MoveSubjectRequest {
  constructor(
    private readonly requests: SubjectRequestRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /** The request, locked. Throws GOVERNANCE.SUBJECT_REQUEST_NOT_FOUND. */
  async locked(unit: UnitOfWork, project: string, id: string): Promise<SubjectRequest> {
    const request = await this.requests.lock(unit, id);
    if (!request || request.project !== project) throw subjectRequestNotFound(id);
    return request;
  }

  /** `before` is the locked request. */
  async move(
    unit: UnitOfWork,
    caller: Caller,
    before: SubjectRequest,
    act: RequestAct,
  ): Promise<SubjectRequest> {
    await this.requests.change(unit, before.id, act.to);
    const request = { ...before, ...act.to };
    this.announce(unit, caller, request);
    this.record(unit, caller, request, act.action, act.details);
    return request;
  }

  announce(unit: UnitOfWork, caller: Caller, request: SubjectRequest): void {
    const { id, project, pseudonym, kind, state, dueAt, ground } = request;
    this.outbox.publish(unit, SubjectRequestChanged, {
      subject: `${project}/${pseudonym}`,
      project,
      correlation: request.correlation,
      actor: caller.principal.id,
      payload: { requestId: id, pseudonym, kind, state, dueAt, ground },
    });
  }

  record(
    unit: UnitOfWork,
    caller: Caller,
    request: SubjectRequest,
    action: string,
    details: RequestAct['details'] = {},
  ): void {
    this.audit.record(
      unit,
      { ...caller, correlation: request.correlation },
      {
        action,
        object: { kind: 'data-subject', id: request.pseudonym },
        project: request.project,
        details: { request: request.id, kind: request.kind, ...details },
      },
    );
  }
}
