import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService, PolicyCache } from '@steward/access';
import { DecisionHeld, type ModelDescriptor } from '@steward/contracts';
import { Database } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { heldRows, type HeldRow } from './held-rows';

/** Rows that one event carries; a larger request is told in several. */
const ROWS_PER_EVENT = 1_000;

/** A request that was scored, some of whose decisions are held. */
export interface HeldRequest {
  readonly predictionId: string;
  readonly project: string;
  readonly descriptor: ModelDescriptor;
  readonly caller: string;
  readonly correlation: string;
  readonly subjects: readonly string[];
  readonly scores: ArrayLike<number>;
  readonly labels: readonly string[];
  readonly held: readonly HeldRow[];
}

/** Holds decisions for people where governance's policy says so (GDPR Art. 22), from the copy of the policy in memory. */
@Injectable()
export class HoldDecisions {
  constructor(
    private readonly policy: PolicyCache,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  rowsOf(
    project: string,
    { model }: ModelDescriptor,
    scores: ArrayLike<number>,
    labels: readonly string[],
  ): HeldRow[] {
    return heldRows(this.policy.current.decisions.get(`${project}/${model}`), scores, labels);
  }

  /** Queues what is held, before the caller is answered: durable, or the request fails. */
  async queue(request: HeldRequest): Promise<void> {
    const { predictionId, project, descriptor, caller: actor, correlation, held } = request;
    const { model, version, digest, classes } = descriptor;
    const policyVersion = this.policy.current.decisions.get(`${project}/${model}`)?.version ?? 0;
    const named = { predictionId, model, version, digest, classes: [...classes], policyVersion };
    await this.database.transaction(async (unit) => {
      for (let from = 0; from < held.length; from += ROWS_PER_EVENT) {
        const rows = held.slice(from, from + ROWS_PER_EVENT).map(({ row, because }) => ({
          row,
          because,
          pseudonym: request.subjects[row] || null,
          label: request.labels[row]!,
          score: request.scores[row]!,
        }));
        const event = { subject: predictionId, project, correlation, actor, payload: { ...named, rows } };
        this.outbox.publish(unit, DecisionHeld, event);
      }
      this.audit.record(unit, callerOfService('inference', correlation, project), {
        action: 'decision.hold',
        object: { kind: 'prediction', id: predictionId },
        project,
        details: { model, version, policyVersion, held: held.length, rows: request.labels.length },
      });
    });
  }
}
