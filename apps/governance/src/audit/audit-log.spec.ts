import { Logger } from '@nestjs/common';
import { CompactRange, LogKey, verifyBundle, verifyExcerpt, verifyInclusion } from '@steward/audit-log';
import type { Access, Caller } from '@steward/access';
import type { AuditEntry } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { FixedClock, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AppendEntries } from './append-entries';
import type { AuditMetrics } from './audit.metrics';
import { CheckLog } from './check-log';
import { ExportExcerpt } from './export-excerpt';
import { ExportLog } from './export-log';
import { InMemoryAuditLogRepository } from './in-memory-audit-log.repository';
import { KeepLog } from './keep-log';
import { LogIntegrity } from './log-integrity';
import { ProveEntry } from './prove-entry';
import { SearchEntries } from './search-entries';
import { SignHead } from './sign-head';

Logger.overrideLogger(false);

const KEY = LogKey.generate('steward/test');
const NOW = Date.parse('2026-01-01T00:00:00.000Z');

const entryOf = (n: number, rest: Partial<AuditEntry> = {}): AuditEntry => ({
  entryId: `entry-${n}`,
  service: 'training',
  project: 'lending',
  time: '2026-01-01T00:00:00.000Z',
  actor: { id: 'u-eva', kind: 'person' },
  action: 'run.start',
  object: { kind: 'run', id: `run-${n}` },
  outcome: 'done',
  correlation: newId(),
  noteDigest: null,
  details: { n },
  ...rest,
});

/** One process of governance on a log that outlives it. */
class Process {
  readonly integrity = new LogIntegrity();
  readonly check: CheckLog;
  readonly sign: SignHead;
  readonly keep: KeepLog;
  readonly entries: AppendEntries;
  readonly wakes: number[] = [];
  repeats = 0;

  constructor(
    readonly log: InMemoryAuditLogRepository,
    readonly key = KEY,
  ) {
    this.check = new CheckLog(log, key);
    this.sign = new SignHead(log, key, this.integrity, new FixedClock(NOW));
    this.keep = new KeepLog(this.check, this.sign, this.integrity);
    const metrics = {
      appended: () => undefined,
      repeated: (entries: number) => void (this.repeats += entries),
      appending: <Result>(work: () => Promise<Result>) => work(),
    };
    const schedule = { wake: () => void this.wakes.push(log.state.size) };
    this.entries = new AppendEntries(log, this.integrity, schedule, metrics as unknown as AuditMetrics);
  }

  /** Appends in one transaction. */
  async append(...entries: AuditEntry[]): Promise<void> {
    const before: (() => Promise<void>)[] = [];
    const after: (() => void | Promise<void>)[] = [];
    const unit = {
      beforeCommit: (hook) => void before.push(hook),
      afterCommit: (hook) => void after.push(hook),
    } as UnitOfWork<GovernanceTables>;
    for (const entry of entries) this.entries.append(unit, entry);
    for (const hook of before) await hook();
    for (const hook of after) await hook();
  }

  async bundle(): Promise<string[]> {
    const lines: string[] = [];
    for await (const part of await new ExportLog(this.log, this.key, this.sign).export()) lines.push(part);
    return lines;
  }
}

const ANY_ENTRY = {
  project: null,
  action: null,
  actor: null,
  object: null,
  correlation: null,
  from: null,
  to: null,
};

const many = (count: number, from = 0): AuditEntry[] =>
  Array.from({ length: count }, (_, n) => entryOf(from + n));

describe('the audit log', () => {
  let log: InMemoryAuditLogRepository;
  let process: Process;

  beforeEach(async () => {
    log = new InMemoryAuditLogRepository();
    process = new Process(log);
    await process.keep.onModuleInit();
  });

  it('has a signed head from the first start on', async () => {
    expect(await log.head()).toMatchObject({ size: 0, root: new CompactRange().root() });
    expect(await verifyBundle(await process.bundle(), KEY.verifier)).toMatchObject({
      valid: true,
      entries: 0,
    });
  });

  it('gives indexes without gaps over batches, and asks for a signature once per batch', async () => {
    await process.append(...many(3));
    await process.append(...many(4, 3));
    expect(log.stored.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(process.wakes).toEqual([3, 7]);
  });

  it('leaves out an entry that it has, from the same batch and from an earlier one, and counts it', async () => {
    await process.append(entryOf(1));
    await process.append(entryOf(1), entryOf(2), entryOf(2));
    expect(log.stored.map(({ entry }) => entry.entryId)).toEqual(['entry-1', 'entry-2']);
    expect(process.repeats).toBe(2);
    await process.append(entryOf(2));
    expect(process.wakes).toEqual([1, 2]);
  });

  it('appends nothing before the log has been checked', async () => {
    await expect(new Process(log).append(entryOf(1))).rejects.toMatchObject({
      code: 'AUDIT.UNCHECKED',
      retriable: true,
    });
  });

  it('exports a bundle that verifies and covers what was just appended', async () => {
    await process.append(...many(5));
    await process.sign.sign();
    await process.append(...many(2_000, 5));
    const report = await verifyBundle(await process.bundle(), KEY.verifier);
    expect(report).toMatchObject({ valid: true, entries: 2_005 });
    expect(report.head?.size).toBe(2_005);
  });

  it('exports an excerpt of any length: every chosen entry, proved, over several pages', async () => {
    for (let n = 0; n < 4_002; n += 2)
      await process.append(entryOf(n, { action: 'alias.move' }), entryOf(n + 1));
    const everything = { can: () => true } as unknown as Access;
    const excerpts = new ExportExcerpt(log, new SearchEntries(log, everything), KEY, process.sign);
    const lines: string[] = [];
    const person = caller([{ role: 'auditor', project: null }]);
    for await (const part of await excerpts.export(person, { ...ANY_ENTRY, action: 'alias.move' }))
      lines.push(part);
    expect(await verifyExcerpt(lines, KEY.verifier)).toMatchObject({ valid: true, entries: 2_001 });
  });

  it('signs at the start what a crash left unsigned', async () => {
    await process.append(...many(7));
    expect((await log.head())?.size).toBe(0);
    await new Process(log).keep.onModuleInit();
    expect((await log.head())?.size).toBe(7);
  });

  it('proves each entry, also one that is not signed yet', async () => {
    await process.append(...many(6));
    const access = { can: () => true } as unknown as Access;
    const proofs = new ProveEntry(log, process.sign, access);
    for (let index = 0; index < 6; index++) {
      const { head, path, entry } = await proofs.inclusion(caller([]), index);
      const hashes = path.map((hash) => Buffer.from(hash, 'hex'));
      const proof = { index, size: head.size, leaf: entry.leaf, path: hashes, root: head.root };
      expect(verifyInclusion(proof)).toBe(true);
    }
    await expect(proofs.inclusion(caller([]), 6)).rejects.toMatchObject({ code: 'AUDIT.NO_SUCH_ENTRY' });
  });

  describe('that somebody changed', () => {
    beforeEach(async () => {
      await process.append(...many(9));
      await process.sign.sign();
    });

    const changes: Record<string, () => void> = {
      'the content of an entry': () => {
        log.stored[4]!.content = Buffer.from(log.stored[4]!.content.toString().replace('u-eva', 'u-bob'));
      },
      'the leaf of an entry': () => void (log.stored[4]!.leaf = log.stored[3]!.leaf),
      'a column of an entry': () =>
        void (log.stored[4]!.columns = { ...log.stored[4]!.columns, project: 'other' }),
      'an entry in the middle': () => void log.stored.splice(4, 1),
      'the last entry': () => void log.stored.pop(),
      'the tail with its tree': () => {
        log.stored.length = 8;
        log.state = treeOf(log, 8);
      },
      'all from scratch under the old head': () => {
        log.stored.splice(0, 9);
        log.state = new CompactRange();
      },
      'a head': () => void (log.signed = log.signed.map((head) => ({ ...head, root: Buffer.alloc(32, 1) }))),
      'the tree': () => void (log.state = treeOf(log, 3)),
    };

    it.each(Object.keys(changes))('%s: a start is refused', async (name) => {
      changes[name]!();
      const next = new Process(log);
      await expect(next.keep.onModuleInit()).rejects.toMatchObject({
        code: 'AUDIT.TAMPERED',
        retriable: false,
      });
      await expect(next.append(entryOf(99))).rejects.toMatchObject({ code: 'AUDIT.UNCHECKED' });
    });

    it('a start with another key is refused', async () => {
      const next = new Process(log, LogKey.generate('steward/test'));
      await expect(next.keep.onModuleInit()).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
    });

    it('a tree that does not continue the head is not signed, and nothing is appended any more', async () => {
      log.inner.set('3/0', Buffer.alloc(32, 7));
      log.state = new CompactRange(10, [Buffer.alloc(32, 7), Buffer.alloc(32, 8)]);
      await expect(process.sign.sign()).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
      expect(process.integrity.fault).toMatch(/Somebody changed the database/);
      await expect(process.append(entryOf(99))).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
    });

    it('a head that disappears is noticed by who signed it', async () => {
      log.signed = log.signed.filter(({ size }) => size === 0);
      await expect(process.sign.sign()).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
    });
  });
});

describe('searching', () => {
  const access = {
    can: (
      principal: Caller['principal'],
      _action: string,
      subject: string,
      { project }: { project: string | null },
    ) =>
      principal.roles.some(
        (role) =>
          (role.project === null || role.project === project) &&
          (subject === 'AuditEntry' || role.role === 'auditor'),
      ),
  } as unknown as Access;
  const search = async (roles: Caller['principal']['roles'], project: string | null = null) => {
    const log = new InMemoryAuditLogRepository();
    const process = new Process(log);
    await process.keep.onModuleInit();
    await process.append(
      entryOf(0),
      entryOf(1, { project: 'flights' }),
      entryOf(2, { project: null }),
      entryOf(3),
    );
    log.notes.set('entry-3', { entryId: 'entry-3', salt: 'x', reason: 'because', address: '10.0.0.1' });
    return new SearchEntries(log, access).search(caller(roles), {
      ...ANY_ENTRY,
      project,
      after: null,
      limit: 10,
    });
  };

  it('shows an installation-wide role everything', async () => {
    const { items, next } = await search([{ role: 'auditor', project: null }]);
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(items[3]).toMatchObject({ reason: 'because', address: '10.0.0.1' });
    expect(next).toBeNull();
  });

  it('shows a role in one project that project alone, and reasons only to who may see people', async () => {
    const { items } = await search([{ role: 'approver', project: 'lending' }]);
    expect(items.map(({ index }) => index)).toEqual([0, 3]);
    expect(items[1]).toMatchObject({ reason: null, address: null });
  });

  it('does not know a project that the caller may not see', async () => {
    await expect(search([{ role: 'approver', project: 'lending' }], 'flights')).rejects.toMatchObject({
      kind: 'not_found',
    });
  });
});

function caller(roles: Caller['principal']['roles']): Caller {
  const credential = { kind: 'token', id: 't' } as const;
  return {
    principal: { id: 'u', kind: 'person', roles, credential },
    correlation: newId(),
    project: null,
    address: null,
  };
}

function treeOf(log: InMemoryAuditLogRepository, size: number): CompactRange {
  const tree = new CompactRange();
  for (const { leaf } of log.stored.slice(0, size)) tree.append(leaf);
  return tree;
}
