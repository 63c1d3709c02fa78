import { statSync } from 'node:fs';
import { join } from 'node:path';
import { verifyBundle, verifyInclusion, type VerifyReport } from '@steward/audit-log';
import { Services } from '@steward/contracts';
import { Database } from '@steward/database';
import { BusHealth } from '@steward/messaging';
import { eventually } from '@steward/testing';
import request from 'supertest';
import { AppendEntries } from '../src/audit/append-entries';
import { AuditHouse, entryOf, PROJECT } from './support/audit-house';

interface Listed {
  readonly items: readonly { index: number; entryId: string; service: string; reason: string | null }[];
  readonly next: number | null;
}

describe('the audit log on PostgreSQL', () => {
  let house: AuditHouse;

  beforeAll(async () => {
    house = await AuditHouse.open();
    await house.start();
  });
  afterAll(() => house.close(), 30_000);

  const get = (path: string, token = house.auditor) =>
    request(house.url).get(path).set('authorization', token);
  const list = async (query: string, token?: string): Promise<Listed> =>
    (await get(`/v1/audit/entries?${query}`, token).expect(200)).body as Listed;
  const exported = async (): Promise<string> =>
    (
      await get('/v1/audit/export')
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts)));
        })
        .expect(200)
    ).body.toString('utf8') as string;
  const verify = async (): Promise<VerifyReport> => {
    const { body } = await request(house.url).get('/v1/audit/public-key').expect(200);
    return verifyBundle([await exported()], (body as { publicKey: string }).publicKey);
  };

  it('makes a key that only its owner can read', () => {
    expect(statSync(join(house.folder, 'keys', 'audit-log.pem')).mode & 0o777).toBe(0o600);
  });

  it('gathers what five services write at once, each in its order, without gaps', async () => {
    const each = 60;
    await Promise.all(
      Services.map(async (service) => {
        for (let n = 0; n < each; n += 10)
          await house.say(
            service,
            Array.from({ length: 10 }, (_, k) => entryOf(service, n + k)),
          );
      }),
    );
    await eventually(async () => expect(await house.signedSize()).toBe(5 * each), { withinMs: 30_000 });
    const rows = await house.rows<{ index: string; service: string; object_id: string }>(
      'SELECT index, service, object_id FROM audit_entries ORDER BY index',
    );
    expect(rows.map(({ index }) => Number(index))).toEqual(Array.from({ length: 5 * each }, (_, n) => n));
    for (const service of Services)
      expect(rows.filter((row) => row.service === service).map(({ object_id }) => object_id)).toEqual(
        Array.from({ length: each }, (_, n) => `run-${n}`),
      );
    const report = await verify();
    expect(report).toMatchObject({ valid: true, entries: 5 * each });
    expect(report.head?.size).toBe(5 * each);
  });

  it('holds an entry once, however often it comes, and a note once', async () => {
    const before = await house.count('audit_entries');
    const entry = entryOf('training', 1_000);
    const note = { entryId: entry.entryId, salt: '0'.repeat(64), reason: 'because', address: '10.0.0.1' };
    await house.say('training', [entry], [note]);
    await house.say('training', [entry], [note]);
    await house.say('training', [entryOf('training', 1_001)]);
    await eventually(async () => expect(await house.count('audit_entries')).toBe(before + 2));
    await eventually(async () => expect(await house.count('audit_notes')).toBe(1));
    const query = `correlation=${entry.correlation}`;
    expect((await list(query)).items).toMatchObject([{ reason: 'because' }]);
    expect((await list(query, house.approver)).items).toMatchObject([{ reason: null }]);
  });

  it('shows each caller what it may see, in pages', async () => {
    await house.say('training', [
      entryOf('training', 2_000, { project: 'flights', action: 'pipeline.create' }),
      entryOf('training', 2_001, { project: null, action: 'user.create' }),
      entryOf('training', 2_002, { action: 'alias.move' }),
    ]);
    await eventually(async () => expect((await list('action=alias.move')).items).toHaveLength(1));
    for (const action of ['pipeline.create', 'user.create'])
      expect((await list(`action=${action}`, house.approver)).items).toEqual([]);
    expect((await list('object=run-2002', house.approver)).items).toHaveLength(1);
    const first = await list(`project=${PROJECT}&limit=3`);
    const second = await list(`project=${PROJECT}&limit=3&after=${first.next}`);
    expect([...first.items, ...second.items].map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const newest = await list('order=newest&limit=3');
    const before = await list(`order=newest&limit=3&after=${newest.next}`);
    const indexes = [...newest.items, ...before.items].map(({ index }) => index);
    expect(indexes).toEqual(Array.from({ length: 6 }, (_, back) => indexes[0]! - back));
    expect(indexes[0]).toBeGreaterThan(300);
    await get('/v1/audit/entries?project=flights', house.approver).expect(404);
    await get('/v1/audit/entries', house.engineer).expect(403);
    await get('/v1/audit/export', house.approver).expect(403);
    await get('/v1/audit/head', house.approver).expect(403);
    await request(house.url).get('/v1/audit/export').expect(401);
    await get('/v1/audit/entries?limit=100000').expect(400);
    expect((await list('object=%00&action=%00&project=%00')).items).toEqual([]);
  });

  it('proves an entry against the signed head', async () => {
    const { body } = await get('/v1/audit/entries/17/proof').expect(200);
    const { leaf, path, head } = body as {
      leaf: string;
      path: string[];
      head: { size: number; root: string };
    };
    const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
    const proof = {
      index: 17,
      size: head.size,
      leaf: bytes(leaf),
      path: path.map(bytes),
      root: bytes(head.root),
    };
    expect(verifyInclusion(proof)).toBe(true);
    expect(verifyInclusion({ ...proof, index: 18 })).toBe(false);
    await get('/v1/audit/entries/99999999/proof').expect(404);
  });

  it('undoes a batch whose transaction fails, and gives its indexes to the next', async () => {
    const app = house.running!.app;
    const failing = app.get<Database>(Database).transaction((unit) => {
      app.get(AppendEntries).append(unit, entryOf('training', 3_000));
      throw new Error('The transaction fails.');
    });
    await expect(failing).rejects.toThrow('The transaction fails.');
    await house.say('training', [entryOf('training', 3_001)]);
    await eventually(async () => expect((await list('object=run-3001')).items).toHaveLength(1));
    expect((await list('object=run-3000')).items).toEqual([]);
    expect((await verify()).valid).toBe(true);
  });

  it('signs at the start what a crash between append and signature left', async () => {
    await house.stop();
    const size = await house.count('audit_entries');
    // As after a crash: the newest heads were never written.
    await house.rows('DELETE FROM audit_checkpoints WHERE size > $1', [size - 5]);
    expect(await house.signedSize()).toBeLessThan(size);
    await house.start();
    expect(await house.signedSize()).toBe(size);
    expect(await verify()).toMatchObject({ valid: true, entries: size });
  });

  it('takes 10,000 entries and stays verifiable', async () => {
    await house.stop();
    const size = await house.count('audit_entries');
    for (const service of ['training', 'inference'] as const)
      for (let n = 0; n < 5_000; n += 500)
        await house.say(
          service,
          Array.from({ length: 500 }, (_, k) => entryOf(service, n + k)),
        );
    await eventually(
      async () => {
        const [log] = await house.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
         WHERE t.name IN ('steward.training.audit.v1', 'steward.inference.audit.v1')`,
        );
        expect(log!.n).toBeGreaterThanOrEqual(10_000);
      },
      { withinMs: 60_000 },
    );
    const started = performance.now();
    await house.start();
    await eventually(async () => expect(await house.count('audit_entries')).toBe(size + 10_000), {
      withinMs: 90_000,
    });
    const seconds = (performance.now() - started) / 1_000;
    process.stdout.write(`10,000 audit entries were appended at ${Math.round(10_000 / seconds)} a second.\n`);
    const report = await verify();
    expect(report).toMatchObject({ valid: true, entries: size + 10_000 });
    expect(report.head?.size).toBe(size + 10_000);
  }, 180_000);

  it('finds a stored row that somebody changed: in the export, and at the start', async () => {
    const change = (from: string, to: string) =>
      house.rows(
        `UPDATE audit_entries SET content = convert_to(replace(convert_from(content, 'UTF8'), $1, $2), 'UTF8')
         WHERE index = 42`,
        [from, to],
      );
    await change('u-eva', 'u-bob');
    const report = await verify();
    expect(report.valid).toBe(false);
    expect(report.faults).toMatchObject([{ kind: 'changed', from: 42, to: 43 }]);
    await house.stop();
    await expect(house.start()).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
    await change('u-bob', 'u-eva');
    await house.start();
    expect(await verify()).toMatchObject({ valid: true });
  });

  it('turns red and appends nothing when the tree is changed under it', async () => {
    const size = await house.count('audit_entries');
    const [tree] = await house.rows<{ peaks: Buffer[] }>('SELECT peaks FROM audit_tree');
    await house.rows('UPDATE audit_tree SET peaks[1] = $1', [Buffer.alloc(32, 1)]);
    await get('/v1/audit/export').expect(500);
    const { body } = await request(house.url).get('/health/ready').expect(503);
    expect((body as { checks: Record<string, { ok: boolean }> }).checks['audit-log']).toMatchObject({
      ok: false,
    });
    await house.say('training', [entryOf('training', 9_999)]);
    // The topic may not be skipped: it stands still, and says so.
    await eventually(() =>
      expect(house.running!.app.get(BusHealth).report().alarms).toMatchObject([
        expect.stringMatching(/steward\.training\.audit\.v1.*AUDIT\.TAMPERED/),
      ]),
    );
    expect(await house.count('audit_entries')).toBe(size);
    await house.stop();
    await expect(house.start()).rejects.toMatchObject({ code: 'AUDIT.TAMPERED' });
    await house.rows('UPDATE audit_tree SET peaks = $1', [tree!.peaks]);
    await house.start();
    await eventually(async () => expect(await house.count('audit_entries')).toBe(size + 1));
    expect(await verify()).toMatchObject({ valid: true, entries: size + 1 });
  });
});
