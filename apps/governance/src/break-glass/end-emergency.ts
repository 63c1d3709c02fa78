import { Injectable } from '@nestjs/common';
import { callerOfService, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import { AccountRepository } from '../approvals/approval.repository';
import type { GovernanceTables } from '../governance-tables';
import { TemporaryRoleRepository } from '../temporary-roles/temporary-role.repository';
import { AnnounceEmergency } from './announce-emergency';
import { accessNotFound, reviewRefusal } from './emergency-access';
import { EmergencyAccessRepository } from './emergency-access.repository';

/**
 * Ends emergency access: by the person, by somebody who may sign the review, or when its time is over. The services drop
 * the rights at that time by themselves; what happens here then is the entry in the books.
 */
@Injectable()
export class EndEmergency extends RepeatedTask {
  protected readonly pauseMs = 5_000;

  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly accesses: EmergencyAccessRepository,
    private readonly accounts: AccountRepository,
    private readonly temporary: TemporaryRoleRepository,
    private readonly announcing: AnnounceEmergency,
    private readonly clock: Clock,
  ) {
    super();
  }

  async end(caller: Caller, project: string, id: string): Promise<void> {
    const access = await this.accesses.find(project, id);
    if (!access) throw accessNotFound(id);
    const { id: who } = caller.principal;
    const signer = reviewRefusal(access, who, this.clock.iso(), await this.accounts.all()) === null;
    if (who !== access.person && !signer)
      throw errors.forbidden(
        'GOVERNANCE.NOT_YOUR_EMERGENCY',
        'The person who took it ends it, or somebody who may sign its review.',
      );
    await this.close(caller, id);
  }

  async work(): Promise<void> {
    for (const id of await this.accesses.overdue(this.clock.iso())) await this.close(null, id);
  }

  private async close(by: Caller | null, id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const access = await this.accesses.lock(unit, id);
      if (!access || access.endedAt !== null) return;
      const caller = by ?? callerOfService('governance', access.correlation, access.project);
      const now = this.clock.iso();
      const at = now < access.until ? now : access.until;
      await this.accesses.end(unit, id, at);
      await this.temporary.end(unit, id, at);
      await this.announcing.announce(unit, caller, { ...access, endedAt: at }, 'end');
    });
  }
}
