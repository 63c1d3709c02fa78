import { Injectable } from '@nestjs/common';
import type { OutcomeRecordedMessage } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { handled, type HandlerResult } from '@steward/messaging';
import { MonitorRepository } from '../monitors/monitor.repository';
import { CloseWindow } from './close-window';
import { WindowRepository, type RowOutcome } from './window.repository';

/**
 * Joins outcomes to predicted rows, in either order, and judges the windows that thereby are complete. What a transaction
 * carries is gathered and applied once before it commits.
 */
@Injectable()
export class JoinOutcomes {
  private readonly batches = new WeakMap<UnitOfWork, Map<string, RowOutcome>>();

  constructor(
    private readonly windows: WindowRepository,
    private readonly monitors: MonitorRepository,
    private readonly close: CloseWindow,
  ) {}

  async execute(
    unit: UnitOfWork,
    partition: number,
    { project, predictionId, rows, labels }: OutcomeRecordedMessage,
  ): Promise<HandlerResult> {
    if (rows.length !== labels.length) return handled.deadLetter('There are not as many labels as rows.');
    const batch = await this.batchOf(unit, partition);
    rows.forEach((row, index) => {
      const key = `${project}/${predictionId}/${row}`;
      // The first that was said of a row stays.
      if (!batch.has(key)) batch.set(key, { project, predictionId, row, label: labels[index]! });
    });
    return handled.ok;
  }

  private async batchOf(unit: UnitOfWork, partition: number): Promise<Map<string, RowOutcome>> {
    const known = this.batches.get(unit);
    if (known) return known;
    const batch = new Map<string, RowOutcome>();
    this.batches.set(unit, batch);
    unit.beforeCommit(() => this.apply(unit, [...batch.values()]));
    await this.windows.lockPartition(unit, partition);
    return batch;
  }

  private async apply(unit: UnitOfWork, outcomes: readonly RowOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    for (const windowId of await this.windows.recordOutcomes(unit, outcomes)) {
      const window = await this.windows.completeForOutcomes(unit, windowId);
      if (!window) continue;
      const monitor = await this.monitors.findWithin(unit, window.project, window.monitor);
      if (monitor) await this.close.reportOutcomes(unit, monitor, window);
    }
  }
}
