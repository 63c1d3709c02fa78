import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { AlertRepository } from './alert.repository';

/** Ends requests for retraining that will get no new champion: after the cool-down the next alarm may ask again. */
@Injectable()
export class EndRetraining {
  constructor(private readonly alerts: AlertRepository) {}

  /** The run failed, was cancelled, or was never started. */
  async failed(unit: UnitOfWork, retrainId: string): Promise<void> {
    await this.alerts.closeRetrainRequest(unit, retrainId, 'failed');
  }

  /** The retraining asks to be approved. */
  async approvalOpened(unit: UnitOfWork, requestId: string, retrainId: string): Promise<void> {
    await this.end(unit, requestId, { retrainId });
  }

  /** An approval ended in a way that moves no alias. */
  async approvalEnded(unit: UnitOfWork, requestId: string): Promise<void> {
    await this.end(unit, requestId, { ended: true });
  }

  private async end(
    unit: UnitOfWork,
    requestId: string,
    known: { retrainId: string } | { ended: true },
  ): Promise<void> {
    const retrainId = await this.alerts.noteApproval(unit, requestId, known);
    if (retrainId !== null) await this.failed(unit, retrainId);
  }
}
