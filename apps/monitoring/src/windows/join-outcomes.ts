import { Injectable } from '@nestjs/common';
import type { OutcomeRecordedMessage } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { handled, type HandlerResult } from '@steward/messaging';
import { MonitorRepository } from '../monitors/monitor.repository';
import { CloseWindow } from './close-window';
import { WindowRepository } from './window.repository';

/** Joins outcomes to predicted rows, in either order, and judges the windows that thereby are complete. */
@Injectable()
export class JoinOutcomes {
  constructor(
    private readonly windows: WindowRepository,
    private readonly monitors: MonitorRepository,
    private readonly close: CloseWindow,
  ) {}

  async execute(
    unit: UnitOfWork,
    partition: number,
    message: OutcomeRecordedMessage,
  ): Promise<HandlerResult> {
    if (message.rows.length !== message.labels.length)
      return handled.deadLetter('There are not as many labels as rows.');
    await this.windows.lockPartition(unit, partition);
    for (const windowId of await this.windows.recordOutcomes(unit, message)) {
      const window = await this.windows.completeForOutcomes(unit, windowId);
      if (!window) continue;
      const monitor = await this.monitors.findForChange(unit, window.project, window.monitor);
      if (monitor) await this.close.reportOutcomes(unit, monitor, window);
    }
    return handled.ok;
  }
}
