import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { ObjectStore } from '@steward/artifacts';
import { Database } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { SubjectArchiveRepository } from './subject-request.repository';

/** Deletes archives whose time is over. */
@Injectable()
export class ExpireArchives {
  constructor(
    private readonly database: Database,
    private readonly archives: SubjectArchiveRepository,
    private readonly objects: ObjectStore,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Returns how many there were. */
  async execute(): Promise<number> {
    const expired = await this.archives.expired(this.clock.iso());
    for (const { requestId, path, digest } of expired) {
      await this.objects.delete(path);
      await this.database.transaction(async (unit) => {
        await this.archives.markDeleted(unit, requestId, this.clock.iso());
        this.audit.record(unit, callerOfService('governance', newId(), null), {
          action: 'subject-archive.expire',
          object: { kind: 'subject-request', id: requestId },
          project: null,
          details: { archive: digest },
        });
      });
    }
    return expired.length;
  }
}
