import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import { consistencyRanges, EMPTY_ROOT, inclusionRanges } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import { AuditLogRepository, type LoggedEntry, type SignedHead } from './audit-log.repository';
import { pathOf, SignHead } from './sign-head';

/** Proofs from the stored nodes: that an entry is in the log, and that the log continues an earlier state. */
@Injectable()
export class ProveEntry {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly signing: SignHead,
    private readonly access: Access,
  ) {}

  /** Throws `AUDIT.NO_SUCH_ENTRY`, also for an entry that the caller may not read. */
  async inclusion(
    caller: Caller,
    index: number,
  ): Promise<{ entry: LoggedEntry; head: SignedHead; path: string[] }> {
    const entry = await this.log.find(index);
    const may =
      entry && this.access.can(caller.principal, 'read', 'AuditEntry', { project: entry.entry.project });
    if (!may) throw errors.notFound('AUDIT.NO_SUCH_ENTRY', `There is no audit entry ${index} here.`);
    const newest = await this.log.head();
    const head = newest && newest.size > index ? newest : await this.signing.sign();
    return { entry, head, path: await this.hashes(inclusionRanges(index, head.size)) };
  }

  /**
   * That the state of `to` entries (null: the newest signed head) continues that of `from`. Throws `AUDIT.BAD_SIZES` unless
   * from <= to <= the newest signed head.
   */
  async consistency(
    from: number,
    to: number | null,
  ): Promise<{ head: SignedHead; to: number; path: string[]; fromRoot: string; toRoot: string }> {
    const head = (await this.log.head()) ?? (await this.signing.sign());
    const end = to ?? head.size;
    if (end > head.size)
      throw errors.invalid('AUDIT.BAD_SIZES', `The signed log has ${head.size} entries, not ${end}.`);
    const path = await this.hashes(consistencyRanges(from, end));
    return { head, to: end, path, fromRoot: await this.root(from), toRoot: await this.root(end) };
  }

  private async root(size: number): Promise<string> {
    const [root] = size === 0 ? [EMPTY_ROOT] : await pathOf(this.log, [{ from: 0, to: size }]);
    return root!.toString('hex');
  }

  private async hashes(ranges: Parameters<typeof pathOf>[1]): Promise<string[]> {
    return (await pathOf(this.log, ranges)).map((hash) => hash.toString('hex'));
  }
}
