import { Injectable } from '@nestjs/common';
import { MonitorChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { GovernedChangeRepository } from './governed-change.repository';

/** Remembers who changed a monitor: that person may not approve what it causes. */
@Injectable()
export class MonitorChangedConsumer extends EventConsumer<typeof MonitorChanged, TrainingTables> {
  readonly event = MonitorChanged;

  constructor(private readonly changes: GovernedChangeRepository) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof MonitorChanged>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    if (event.project === null) return handled.deadLetter('A monitor belongs to a project.');
    const { monitor, model, monitorVersion, digest, changedBy } = event.payload;
    await this.changes.keepMonitor(unit, {
      project: event.project,
      monitor,
      version: monitorVersion,
      model,
      digest,
      changedBy,
      changedAt: event.time,
    });
    return handled.ok;
  }
}
