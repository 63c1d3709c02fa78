import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { FinishSchedule } from './finish-schedule';
import { SubjectRequestRepository } from './subject-request.repository';

/** A service answered what a request had ordered. When all have, the request is finished. */
@Injectable()
export class TakeSubjectAnswer {
  constructor(
    private readonly requests: SubjectRequestRepository,
    private readonly schedule: FinishSchedule,
    private readonly clock: Clock,
  ) {}

  /** False where nobody waits for it: it came twice, or after a restore. */
  async execute(
    unit: UnitOfWork,
    requestId: string,
    service: string,
    answer: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const request = await this.requests.lock(unit, requestId);
    if (!request || request.state !== 'in_progress') return false;
    const taken = await this.requests.finishStep(unit, requestId, service, answer, this.clock.iso());
    if (taken) unit.afterCommit(() => this.schedule.wake());
    return taken;
  }
}
