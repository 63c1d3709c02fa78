import { Injectable } from '@nestjs/common';
import { canonicalJson, hashLeaf, type CompactRange, type CompletedNode } from '@steward/audit-log';
import type { AuditEntry } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { AuditMetrics } from './audit.metrics';
import { AuditLogRepository, type LoggedEntry } from './audit-log.repository';
import { LogIntegrity } from './log-integrity';
import { SignSchedule } from './sign-schedule';

/** What one transaction is about to append. */
interface Batch {
  readonly tree: CompactRange;
  readonly entries: LoggedEntry[];
  readonly nodes: CompletedNode[];
  readonly ids: Set<string>;
}

/**
 * Appends entries to the log. All of one transaction make one batch, which is written before its commit; the tree's row
 * is locked from the first entry on, so that batches come one after another and indexes have no gaps.
 */
@Injectable()
export class AppendEntries {
  private readonly open = new WeakMap<UnitOfWork<GovernanceTables>, Batch>();

  constructor(
    private readonly log: AuditLogRepository,
    private readonly integrity: LogIntegrity,
    private readonly signing: SignSchedule,
    private readonly metrics: AuditMetrics,
  ) {}

  /** False if the log has an entry of this id already. Throws `AUDIT.TAMPERED`, `AUDIT.UNCHECKED`. */
  async append(unit: UnitOfWork<GovernanceTables>, entry: AuditEntry): Promise<boolean> {
    this.integrity.require();
    const batch = this.open.get(unit) ?? (await this.begin(unit));
    if (batch.ids.has(entry.entryId) || (await this.log.has(unit, entry.entryId))) return false;
    const content = canonicalJson(entry);
    const leaf = hashLeaf(content);
    batch.entries.push({ index: batch.tree.size, content, leaf, entry });
    batch.ids.add(entry.entryId);
    batch.tree.append(leaf, (node) => batch.nodes.push(node));
    return true;
  }

  private async begin(unit: UnitOfWork<GovernanceTables>): Promise<Batch> {
    const batch: Batch = { tree: await this.log.lockTree(unit), entries: [], nodes: [], ids: new Set() };
    this.open.set(unit, batch);
    unit.beforeCommit(() => this.flush(unit, batch));
    unit.afterCommit(() => this.appended(batch));
    return batch;
  }

  private async flush(unit: UnitOfWork<GovernanceTables>, batch: Batch): Promise<void> {
    this.open.delete(unit);
    if (batch.entries.length > 0) await this.metrics.appending(() => this.log.append(unit, batch));
  }

  private appended({ entries }: Batch): void {
    if (entries.length === 0) return;
    for (const { entry } of entries) this.metrics.appended(entry.service);
    this.signing.wake();
  }
}
