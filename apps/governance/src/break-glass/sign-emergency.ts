import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { AccountRepository } from '../approvals/approval.repository';
import { personFault } from '../approvals/decide-request';
import type { GovernanceTables } from '../governance-tables';
import { AnnounceEmergency } from './announce-emergency';
import { accessNotFound, reviewRefusal } from './emergency-access';
import { EmergencyAccessRepository } from './emergency-access.repository';

/** Somebody else looks at what was done under an emergency access and signs whether it was justified. */
@Injectable()
export class SignEmergency {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly accesses: EmergencyAccessRepository,
    private readonly accounts: AccountRepository,
    private readonly announcing: AnnounceEmergency,
    private readonly clock: Clock,
  ) {}

  async sign(caller: Caller, project: string, id: string, justified: boolean, note: string): Promise<void> {
    const fault = personFault(caller);
    if (fault) throw fault;
    await this.database.transaction(async (unit) => {
      const access = await this.accesses.lock(unit, id);
      if (access?.project !== project) throw accessNotFound(id);
      if (access.endedAt === null)
        throw errors.conflict('GOVERNANCE.EMERGENCY_ACTIVE', 'It is still in force: end it first.');
      if (access.reviewedAt !== null)
        throw errors.conflict('GOVERNANCE.REVIEW_SIGNED', 'This review is signed already.');
      const by = caller.principal.id;
      const at = this.clock.iso();
      const refusal = reviewRefusal(access, by, at, await this.accounts.all(unit));
      if (refusal)
        throw errors.forbidden(
          `GOVERNANCE.${refusal.code}`,
          'Another administrator or privacy officer signs, who has neither role nor account from that person.',
        );
      await this.accesses.review(unit, id, { by, at, justified, note });
      const reviewed = { ...access, reviewedBy: by, reviewedAt: at, justified };
      await this.announcing.announce(unit, caller, reviewed, 'review', note);
    });
  }
}
