import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { RetentionOrdered, RetentionParticipants, type RetentionMode } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import type { RetentionOrders } from '@steward/subjects';
import type { GovernanceTables } from '../governance-tables';
import type { RetentionRun } from './retention-run';
import { RetentionRunRepository } from './retention.repository';

/** Orders services to count or to delete: the steps that they owe and the event, in the caller's transaction. */
@Injectable()
export class OrderRetention {
  constructor(
    private readonly runs: RetentionRunRepository,
    private readonly artifacts: ArtifactStore,
    private readonly outbox: Outbox,
  ) {}

  async execute(
    unit: UnitOfWork<GovernanceTables>,
    run: RetentionRun,
    mode: RetentionMode,
    orders: RetentionRun['orders'],
    actor: string,
  ): Promise<void> {
    const { id: runId, project, correlation } = run;
    const told: RetentionOrders = { format: 'steward-retention-orders/1', runId, project, orders };
    const { digest: ordersDigest } = await this.artifacts.put(Buffer.from(JSON.stringify(told)));
    await this.runs.addSteps(unit, runId, mode, RetentionParticipants);
    this.outbox.publish(unit, RetentionOrdered, {
      subject: project,
      project,
      correlation,
      actor,
      payload: { runId, mode, ordersDigest, orders: orders.length },
    });
  }
}
