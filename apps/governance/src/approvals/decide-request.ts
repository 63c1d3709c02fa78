import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId, type AppError } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';
import {
  approvalNotFound,
  failedGates,
  PENDING_STATES,
  type ApprovalRequest,
  type Decision,
  type DecisionKind,
} from './approval-request';
import { CloseRequest } from './close-request';
import type { Refusal } from './four-eyes';
import { WeighRequest, type Weighing } from './weigh-request';

/** What a person does about a request. */
export interface Act {
  readonly kind: Exclude<DecisionKind, 'answer'>;
  /** Waivers: which gate. */
  readonly gate: string | null;
  readonly reason: string | null;
  /** The model digest that the person means; null: that of the request. */
  readonly digest: string | null;
}

type Unit = UnitOfWork<GovernanceTables>;

/** A person approves, rejects, waives a gate or asks for changes. Grants the request once enough people have approved. */
@Injectable()
export class DecideRequest {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly requests: ApprovalRepository,
    private readonly weighing: WeighRequest,
    private readonly closing: CloseRequest,
    private readonly access: Access,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async decide(caller: Caller, project: string, id: string, act: Act): Promise<void> {
    const refused = await this.database.transaction(async (unit) => {
      const request = await this.requests.lock(unit, id);
      if (request?.project !== project) throw approvalNotFound(id);
      this.requireRight(caller, request, act);
      const fault = await this.act(unit, caller, request, act);
      // What was tried against the rules stays in the audit log, so the transaction commits and the fault follows.
      if (fault) this.record(unit, caller, request, act, fault);
      return fault;
    });
    if (refused) throw refused;
  }

  /** What the entry could not know: a role may be for some aliases, models or environments alone. */
  private requireRight(
    caller: Caller,
    { project, model, alias, environment }: ApprovalRequest,
    act: Act,
  ): void {
    const right = act.kind === 'waive' ? 'waive' : 'approve';
    this.access.require(caller, right, 'ApprovalRequest', { project, model, alias, environment });
  }

  private async act(
    unit: Unit,
    caller: Caller,
    request: ApprovalRequest,
    act: Act,
  ): Promise<AppError | null> {
    const before = await this.weighing.weigh(request, unit);
    const now = this.clock.iso();
    const fault =
      personFault(caller) ?? requestFault(request, act, now) ?? standingFault(before, caller, act);
    if (fault) return fault;
    const blocked = gateFault(request, before, act);
    if (blocked) return blocked;
    const decision: Decision = {
      id: newId(this.clock.now()),
      round: request.round,
      person: caller.principal.id,
      kind: act.kind,
      gate: act.gate,
      reason: act.reason,
      decidedAt: now,
    };
    if (!(await this.requests.decide(unit, request.id, decision)))
      return errors.conflict('GOVERNANCE.ALREADY_DECIDED', `You did this before: ${act.kind}.`);
    this.record(unit, caller, request, act, null);
    if (act.kind === 'reject') await this.closing.close(unit, caller, request, 'rejected');
    else if (act.kind === 'request_changes')
      await this.requests.pend(unit, request.id, 'changes_requested', request.round);
    else await this.grantIfEnough(unit, caller, request);
    return null;
  }

  /** Everybody's standing is looked at again: who approved first may have lost the role since. */
  private async grantIfEnough(unit: Unit, caller: Caller, request: ApprovalRequest): Promise<void> {
    const { counted, gates } = await this.weighing.weigh(request, unit);
    const approvers = counted.filter(({ kind }) => kind === 'approve');
    if (approvers.length < request.policy.approvers) return;
    if (failedGates(gates, waiversOf(counted)).length > 0) return;
    await this.closing.close(unit, caller, request, 'granted', counted);
  }

  private record(
    unit: Unit,
    caller: Caller,
    request: ApprovalRequest,
    act: Act,
    fault: AppError | null,
  ): void {
    this.audit.record(
      unit,
      { ...caller, correlation: request.correlation },
      {
        action: `approval.${act.kind}`,
        object: { kind: 'approval-request', id: request.id },
        project: request.project,
        outcome: fault ? 'refused' : 'done',
        ...(act.reason === null ? {} : { reason: act.reason }),
        details: {
          model: request.model,
          version: request.version,
          digest: request.digest,
          alias: request.alias,
          ...(act.gate === null ? {} : { gate: act.gate.slice(0, 100) }),
          ...(fault ? { code: fault.code } : {}),
        },
      },
    );
  }
}

const waiversOf = (decisions: readonly Decision[]): Decision[] =>
  decisions.filter(({ kind }) => kind === 'waive');

/** An API key can be in other hands, and a service or a machine has no judgement. */
export function personFault({ principal }: Caller): AppError | null {
  if (principal.kind !== 'person')
    return errors.forbidden('GOVERNANCE.NOT_A_PERSON', 'Only people decide on approval requests.');
  if (principal.credential.kind !== 'token')
    return errors.forbidden(
      'GOVERNANCE.PERSONAL_LOGIN_NEEDED',
      'Log in as a person: an API key does not decide.',
    );
  return null;
}

function requestFault(request: ApprovalRequest, act: Act, now: string): AppError | null {
  if (request.expiresAt !== null && request.expiresAt <= now)
    return errors.conflict('GOVERNANCE.APPROVAL_EXPIRED', 'The time to decide on this request is over.', {
      details: { expiresAt: request.expiresAt },
    });
  if (request.state === 'changes_requested' && act.kind !== 'reject')
    return errors.conflict(
      'GOVERNANCE.CHANGES_REQUESTED',
      'Changes were requested: whoever asked must answer before this goes on.',
    );
  if (!(PENDING_STATES as readonly string[]).includes(request.state))
    return errors.conflict('GOVERNANCE.APPROVAL_CLOSED', `This request is ${request.state} already.`, {
      details: { state: request.state },
    });
  if (act.digest !== null && act.digest !== request.digest)
    return errors.conflict(
      'GOVERNANCE.DIGEST_MISMATCH',
      'This request is about a model with another digest.',
      {
        details: { digest: request.digest },
      },
    );
  return null;
}

const REFUSALS: Readonly<Record<Refusal['code'], string>> = {
  NOT_A_PERSON: 'Only people decide on approval requests.',
  DISABLED: 'This account is disabled.',
  EXCLUDED: 'Four eyes: you stand behind this request.',
  NO_ROLE: 'You hold none of the roles whose approval counts here.',
  ROLE_TOO_NEW: 'You were given the role after this request was opened.',
  ROLE_FROM_EXCLUDED:
    'Four eyes: you have the role from somebody who stands behind this request, or from yourself.',
  DELEGATION_VOID:
    'What was delegated to you does not count here: it was made after this request was opened, is over or was taken ' +
    'back, or the word of the person who made it does not count.',
  ACCOUNT_FROM_EXCLUDED: 'Four eyes: your account was made by somebody who stands behind this request.',
};

/** To reject needs no clean hands: whoever stands behind a request may withdraw it. */
function standingFault(weighing: Weighing, caller: Caller, act: Act): AppError | null {
  const refusal = weighing.refusalOf(caller.principal.id);
  if (!refusal || (act.kind === 'reject' && refusal.code !== 'DISABLED' && refusal.code !== 'NOT_A_PERSON'))
    return null;
  const because = refusal.code === 'EXCLUDED' ? { because: refusal.because } : {};
  return errors.forbidden(`GOVERNANCE.${refusal.code}`, REFUSALS[refusal.code], { details: because });
}

function gateFault(request: ApprovalRequest, weighing: Weighing, act: Act): AppError | null {
  if (act.kind === 'waive') {
    const gate = weighing.gates.find((judged) => judged.gate === act.gate);
    if (gate && !request.gates.includes(gate))
      return errors.conflict('GOVERNANCE.GATE_NOT_WAIVABLE', `Nobody can waive this gate. ${gate.message}`);
    if (!gate)
      return errors.invalid('GOVERNANCE.NO_SUCH_GATE', 'This request has no such gate.', {
        details: { gates: request.gates.map((judged) => judged.gate) },
      });
    return gate.passed
      ? errors.conflict('GOVERNANCE.GATE_PASSED', 'This gate has passed: nothing to waive.')
      : null;
  }
  if (act.kind !== 'approve') return null;
  const failed = failedGates(weighing.gates, waiversOf(weighing.counted));
  if (failed.length === 0) return null;
  const names = failed.map(({ gate }) => gate);
  return errors.conflict(
    'GOVERNANCE.GATE_FAILED',
    `Gates have failed and nobody waived them: ${names.join(', ')}.`,
    {
      details: { gates: names },
    },
  );
}
