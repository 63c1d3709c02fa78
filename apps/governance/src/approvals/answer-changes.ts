import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors, newId, type AppError } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';
import { approvalNotFound, type ApprovalRequest, type Decision } from './approval-request';

/**
 * Whoever asked answers the changes that were requested: the request is open again, in a new round in which everybody
 * decides anew. Who answers stands behind the request from then on, so that nobody answers and approves.
 */
@Injectable()
export class AnswerChanges {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly requests: ApprovalRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async answer(caller: Caller, project: string, id: string, reason: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const request = await this.requests.lock(unit, id);
      if (request?.project !== project) throw approvalNotFound(id);
      const now = this.clock.iso();
      const fault = faultOf(caller, request, await this.requests.decisions(id, unit), now);
      if (fault) throw fault;
      await this.requests.decide(unit, id, {
        id: newId(this.clock.now()),
        round: request.round,
        person: caller.principal.id,
        kind: 'answer',
        gate: null,
        reason,
        decidedAt: now,
      });
      await this.requests.pend(unit, id, 'open', request.round + 1);
      this.audit.record(
        unit,
        { ...caller, correlation: request.correlation },
        {
          action: 'approval.answer',
          object: { kind: 'approval-request', id },
          project,
          reason,
          details: { model: request.model, version: request.version, round: request.round + 1 },
        },
      );
    });
  }
}

function faultOf(
  { principal }: Caller,
  request: ApprovalRequest,
  decisions: readonly Decision[],
  now: string,
): AppError | null {
  if (principal.kind !== 'person')
    return errors.forbidden('GOVERNANCE.NOT_A_PERSON', 'Only people answer requested changes.');
  if (request.expiresAt !== null && request.expiresAt <= now)
    return errors.conflict('GOVERNANCE.APPROVAL_EXPIRED', 'The time to decide on this request is over.');
  if (request.state !== 'changes_requested')
    return errors.conflict('GOVERNANCE.NO_CHANGES_REQUESTED', `This request is ${request.state}.`, {
      details: { state: request.state },
    });
  const asked = decisions.some(
    ({ kind, person, round }) =>
      kind === 'request_changes' && person === principal.id && round === request.round,
  );
  return asked
    ? errors.conflict('GOVERNANCE.OWN_CHANGES', 'You asked for these changes: somebody else answers.')
    : null;
}
