import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { DecisionReviewed } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { personFault } from '../approvals/decide-request';
import type { GovernanceTables } from '../governance-tables';
import { decidingFault, decisionNotFound, type DecisionStep, type HeldDecision } from './held-decision';
import { HeldDecisionRepository } from './held-decision.repository';

/** What a person decides, why, and what the subject is told. */
export interface Verdict {
  readonly label: string;
  readonly reason: string;
  readonly answer: string;
}

type Unit = UnitOfWork<GovernanceTables>;

/**
 * A person decides what inference held: as the model would have (confirmed) or otherwise (overridden). The subject may
 * contest it; then somebody else decides anew.
 */
@Injectable()
export class ReviewDecision {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly decisions: HeldDecisionRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async decide(caller: Caller, project: string, id: string, verdict: Verdict): Promise<void> {
    const notPerson = personFault(caller);
    if (notPerson) throw notPerson;
    await this.within(project, id, async (unit, decision, steps) => {
      const fault = decidingFault(decision, steps, caller.principal.id, verdict.label);
      if (fault) throw fault;
      const state = verdict.label === decision.proposed ? 'confirmed' : 'overridden';
      await this.take(unit, caller, decision, state, { kind: 'decide', ...verdict });
    });
  }

  /** On behalf of the subject, in the subject's words. */
  async contest(caller: Caller, project: string, id: string, reason: string): Promise<void> {
    await this.within(project, id, async (unit, decision) => {
      if (decision.state !== 'confirmed' && decision.state !== 'overridden')
        throw errors.conflict('GOVERNANCE.NOTHING_TO_CONTEST', 'Nobody has decided this yet.', {
          details: { state: decision.state },
        });
      const step = { kind: 'contest' as const, label: null, reason, answer: null };
      await this.take(unit, caller, decision, 'contested', step);
    });
  }

  private async within(
    project: string,
    id: string,
    work: (unit: Unit, decision: HeldDecision, steps: readonly DecisionStep[]) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      const decision = await this.decisions.lock(unit, id);
      if (decision?.project !== project) throw decisionNotFound(id);
      await work(unit, decision, await this.decisions.steps(id, unit));
    });
  }

  private async take(
    unit: Unit,
    caller: Caller,
    decision: HeldDecision,
    state: 'confirmed' | 'overridden' | 'contested',
    done: Omit<DecisionStep, 'id' | 'by' | 'at'>,
  ): Promise<void> {
    const { id, project, predictionId, row, model, version, correlation } = decision;
    const [by, at] = [caller.principal.id, this.clock.iso()];
    const after = { state, label: done.label, decidedBy: done.label === null ? null : by, decidedAt: at };
    await this.decisions.step(unit, decision, { ...done, id: newId(this.clock.now()), by, at }, after);
    this.outbox.publish(unit, DecisionReviewed, {
      subject: predictionId,
      project,
      correlation,
      actor: by,
      payload: { decisionId: id, predictionId, row, model, version, state, label: done.label },
    });
    this.audit.record(
      unit,
      { ...caller, correlation },
      {
        action: `decision.${{ confirmed: 'confirm', overridden: 'override', contested: 'contest' }[state]}`,
        object: { kind: 'held-decision', id },
        project,
        ...(done.reason === null ? {} : { reason: done.reason }),
        details: { prediction: predictionId, row, model, version, subject: decision.pseudonym },
      },
    );
  }
}
