import { Injectable } from '@nestjs/common';
import { canonicalJson, hashLeaf, type CompletedNode } from '@steward/audit-log';
import type { AuditEntry } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { AuditMetrics } from './audit.metrics';
import { AuditLogRepository, type LoggedEntry } from './audit-log.repository';
import { LogIntegrity } from './log-integrity';
import { SignSchedule } from './sign-schedule';

/**
 * Appends entries to the log. All of one transaction make one batch, which is written before its commit: the tree's row
 * is locked only then, what the log has already is asked for in one query, and batches come one after another, so that
 * indexes have no gaps.
 */
@Injectable()
export class AppendEntries {
  private readonly open = new WeakMap<UnitOfWork<GovernanceTables>, Map<string, AuditEntry>>();

  constructor(
    private readonly log: AuditLogRepository,
    private readonly integrity: LogIntegrity,
    private readonly signing: SignSchedule,
    private readonly metrics: AuditMetrics,
  ) {}

  /**
   * Takes the entry into the transaction's batch. One that the log holds already under its id is left out when the batch
   * is written, and counted. Throws `AUDIT.TAMPERED`, `AUDIT.UNCHECKED`.
   */
  append(unit: UnitOfWork<GovernanceTables>, entry: AuditEntry): void {
    this.integrity.require();
    const batch = this.open.get(unit) ?? this.begin(unit);
    if (batch.has(entry.entryId)) this.metrics.repeated(1);
    else batch.set(entry.entryId, entry);
  }

  private begin(unit: UnitOfWork<GovernanceTables>): Map<string, AuditEntry> {
    const batch = new Map<string, AuditEntry>();
    let appended: readonly LoggedEntry[] = [];
    this.open.set(unit, batch);
    unit.beforeCommit(async () => {
      this.open.delete(unit);
      appended = await this.metrics.appending(() => this.write(unit, batch));
    });
    unit.afterCommit(() => {
      this.metrics.repeated(batch.size - appended.length);
      for (const { entry } of appended) this.metrics.appended(entry.service);
      if (appended.length > 0) this.signing.wake();
    });
    return batch;
  }

  private async write(
    unit: UnitOfWork<GovernanceTables>,
    batch: ReadonlyMap<string, AuditEntry>,
  ): Promise<readonly LoggedEntry[]> {
    const tree = await this.log.lockTree(unit);
    // Only under the lock: until then another process may be appending the same entries.
    const known = await this.log.known(unit, [...batch.keys()]);
    const entries: LoggedEntry[] = [];
    const nodes: CompletedNode[] = [];
    for (const entry of batch.values()) {
      if (known.has(entry.entryId)) continue;
      const content = canonicalJson(entry);
      const leaf = hashLeaf(content);
      entries.push({ index: tree.size, content, leaf, entry });
      tree.append(leaf, (node) => nodes.push(node));
    }
    if (entries.length > 0) await this.log.append(unit, { entries, nodes, tree });
    return entries;
  }
}
