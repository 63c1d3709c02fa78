import { Injectable } from '@nestjs/common';
import { callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';
import { PENDING_STATES } from './approval-request';
import { CloseRequest } from './close-request';

/** Closes requests whose time to decide is over. Nobody can decide them in the meantime either. */
@Injectable()
export class ExpireRequests extends RepeatedTask {
  protected readonly pauseMs = 5_000;

  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly requests: ApprovalRepository,
    private readonly closing: CloseRequest,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work(): Promise<void> {
    const now = this.clock.iso();
    for (const id of await this.requests.overdue(now))
      await this.database.transaction(async (unit) => {
        const request = await this.requests.lock(unit, id);
        if (!request || !(PENDING_STATES as readonly string[]).includes(request.state)) return;
        const caller = callerOfService('governance', request.correlation, request.project);
        await this.closing.close(unit, caller, request, 'expired');
      });
  }
}
