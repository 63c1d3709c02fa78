import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent, SERVICE_NAME } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { RetentionAnswered, type RetentionParticipant } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  RetentionOrders,
  type RetentionOrder,
  type RetentionPart,
  type RetentionReport,
} from './retention-order';
import { RetentionParticipation } from './retention-participant';
import { RetentionTasks, type RetentionTask } from './retention-tasks';

/** Does one order of a run to its end and answers governance, once, in the transaction that ends it. */
@Injectable()
export class DoRetentionTask {
  constructor(
    @Inject(SERVICE_NAME) private readonly service: RetentionParticipant,
    private readonly participation: RetentionParticipation,
    private readonly tasks: RetentionTasks,
    private readonly artifacts: ArtifactStore,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Returns what it deleted; nothing where it only counted. */
  async execute(task: RetentionTask): Promise<readonly RetentionPart[]> {
    const { project, runId, mode } = task;
    const held: RetentionReport['held'] = [];
    const counted: RetentionPart[] = [];
    for (const order of await this.ordersOf(task)) {
      // Asked anew before each: a hold may have come since the run began.
      const holdId = await this.tasks.holdOf(project, order);
      if (holdId !== null) held.push({ class: order.class, dataset: order.dataset, holdId });
      else if (mode === 'count')
        counted.push(...(await this.participation.count({ ...order, runId, project })));
      else await this.participation.delete({ ...order, runId, project }, this.tasks.journalOf(runId));
    }
    const parts = mode === 'count' ? counted : await this.tasks.parts(runId);
    await this.answer(task, {
      format: 'steward-retention-report/1',
      service: this.service,
      runId,
      mode,
      completedAt: this.clock.iso(),
      parts,
      held,
    });
    return mode === 'count' ? [] : parts;
  }

  private async ordersOf({ runId, project, ordersDigest }: RetentionTask): Promise<RetentionOrder[]> {
    const bytes = await this.artifacts.read(ordersDigest);
    const told = RetentionOrders.parse(JSON.parse(bytes.toString('utf8')));
    if (told.runId !== runId || told.project !== project)
      throw errors.internal('RETENTION.ORDERS_FOREIGN', 'An order names the orders of another run.');
    return told.orders.filter((order) => this.participation.classes.includes(order.class));
  }

  private async answer(task: RetentionTask, report: RetentionReport): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(report));
    await this.artifacts.put(bytes);
    const figures = {
      items: report.parts.reduce((sum, { items }) => sum + items, 0),
      held: report.held.length,
    };
    const reportDigest = sha256(bytes);
    const { runId, mode, project, correlation, actor } = task;
    await this.database.transaction(async (unit) => {
      if (!(await this.tasks.finish(unit, task))) return;
      this.outbox.publish(unit, RetentionAnswered[this.service], {
        subject: project,
        project,
        correlation,
        actor,
        payload: { runId, mode, reportDigest, ...figures },
      });
      this.audit.record(unit, callerFromEvent(task), {
        action: `retention.${mode}`,
        object: { kind: 'retention-run', id: runId },
        project,
        details: { ...figures, report: reportDigest },
      });
    });
  }
}
