import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { SubjectModelsFlagged, SubjectRectified } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, Outbox, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { projectOf } from '@steward/subjects';
import { ModelFlagRepository } from './model-flag.repository';

/** Rows were corrected: models that learnt from what was wrong are flagged, and governance is told which. */
@Injectable()
export class SubjectRectifiedConsumer extends EventConsumer<typeof SubjectRectified> {
  readonly event = SubjectRectified;

  constructor(
    private readonly flags: ModelFlagRepository,
    private readonly artifacts: ArtifactStore,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof SubjectRectified>, unit: UnitOfWork): Promise<HandlerResult> {
    const { requestId, pseudonym, dataset, firstVersion, version } = event.payload;
    const project = projectOf(event);
    const trained = await this.flags.trainedOn(project, [{ dataset, firstVersion }]);
    const models = trained.filter(({ datasetVersion }) => datasetVersion < version);
    if (models.length > 0) await this.flags.flag(unit, project, requestId, 'rectification', models);
    const { digest: listDigest } = await this.artifacts.put(Buffer.from(JSON.stringify(models)));
    this.outbox.publish(unit, SubjectModelsFlagged, {
      subject: event.subject,
      project,
      correlation: event.correlation,
      actor: event.actor,
      payload: { requestId, pseudonym, because: 'rectification', listDigest, models: models.length },
    });
    this.audit.record(unit, callerFromEvent(event), {
      action: 'models.flag',
      object: { kind: 'data-subject', id: pseudonym },
      project,
      details: { request: requestId, because: 'rectification', models: models.length, list: listDigest },
    });
    return handled.ok;
  }
}
