import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent, SERVICE_NAME } from '@steward/access';
import { ArtifactStore, ObjectStore } from '@steward/artifacts';
import { SubjectDataGathered, SubjectErased, type SubjectParticipant } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, newId, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { ErasureList } from './erasure-list';
import { decisionsIn } from './decision-tables';
import type { ErasureReport } from './erasure-report';
import type { HeldData } from './held-data';
import { sealFor } from './sealed-part';
import { SubjectParticipation, type ErasureOutcome } from './subject-participant';
import type { SubjectTables } from './subject-tables';
import { SubjectTasks, type SubjectTask } from './subject-tasks';

/** Folder of a service's sealed parts of a gathering. A part's whole path is what its seal is bound to. */
export const sealedPartPath = (requestId: string, service: string): string =>
  `subjects/parts/${requestId}/${service}`;

/** Does one task to its end and answers governance, once, in the transaction that ends it. */
@Injectable()
export class DoSubjectTask {
  constructor(
    @Inject(SERVICE_NAME) private readonly service: SubjectParticipant,
    private readonly participation: SubjectParticipation,
    private readonly tasks: SubjectTasks,
    private readonly list: ErasureList,
    private readonly artifacts: ArtifactStore,
    private readonly objects: ObjectStore,
    private readonly database: Database<SubjectTables>,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(task: SubjectTask): Promise<void> {
    if (task.kind === 'erase') await this.erase(task);
    else await this.gather(task);
  }

  private async erase(task: SubjectTask): Promise<void> {
    await this.list.add(this.service, task);
    const journal = this.tasks.journalOf(task.requestId);
    const outcome = await this.participation.erase(task, journal);
    const report = await this.reportOf(task, outcome);
    const { digest } = await this.artifacts.put(Buffer.from(JSON.stringify(report)));
    await this.database.transaction(async (unit) => {
      if (!(await this.tasks.finish(unit, task.requestId))) return;
      const figures = {
        destroyed: report.destroyed.length,
        remaining: report.remaining.length,
        models: report.models.length,
      };
      this.outbox.publish(unit, SubjectErased[this.service], {
        ...this.envelope(task),
        payload: {
          requestId: task.requestId,
          pseudonym: task.pseudonym,
          reportDigest: digest,
          ...figures,
          appearances: [...(outcome.appearances ?? [])],
        },
      });
      this.record(unit, task, 'subject.erase', { ...figures, report: digest });
    });
  }

  private async reportOf(task: SubjectTask, outcome: ErasureOutcome): Promise<ErasureReport> {
    return {
      format: 'steward-erasure-report/1',
      service: this.service,
      requestId: task.requestId,
      pseudonym: task.pseudonym,
      completedAt: this.clock.iso(),
      destroyed: await this.tasks.journalOf(task.requestId).parts(),
      remaining: [...outcome.remaining],
      models: [...(outcome.models ?? [])],
    };
  }

  private async gather(task: SubjectTask): Promise<void> {
    const { recipientKey } = task;
    if (recipientKey === null)
      throw errors.internal('SUBJECTS.NO_RECIPIENT', 'A gathering names nobody who could open it.');
    const tables = [...(await this.participation.gather(task, task.payload))];
    const data: HeldData = { service: this.service, tables };
    // A name of its own: another process of this service may be at the same task, and only one of them is heard.
    const path = `${sealedPartPath(task.requestId, this.service)}/${newId()}`;
    const sealed = sealFor(recipientKey, Buffer.from(JSON.stringify(data)), path);
    await this.objects.put(path, sealed);
    const items = tables.reduce((sum, table) => sum + table.rows.length, 0);
    await this.database.transaction(async (unit) => {
      if (!(await this.tasks.finish(unit, task.requestId))) return;
      this.outbox.publish(unit, SubjectDataGathered[this.service], {
        ...this.envelope(task),
        payload: {
          requestId: task.requestId,
          pseudonym: task.pseudonym,
          path,
          digest: sha256(sealed),
          items,
          recipientKey,
          ...decisionsIn(tables),
        },
      });
      this.record(unit, task, 'subject-data.gather', { items, part: sha256(sealed) });
    });
  }

  private envelope({ project, pseudonym, actor, correlation }: SubjectTask) {
    return { subject: `${project}/${pseudonym}`, project, actor, correlation };
  }

  private record(
    unit: Parameters<AuditTrail['record']>[0],
    task: SubjectTask,
    action: string,
    details: Record<string, string | number>,
  ): void {
    this.audit.record(unit, callerFromEvent(task), {
      action,
      object: { kind: 'data-subject', id: task.pseudonym },
      project: task.project,
      details: { request: task.requestId, ...details },
    });
  }
}
