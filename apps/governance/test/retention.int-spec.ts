import { join } from 'node:path';
import { ArtifactStore, LocalArtifactStore } from '@steward/artifacts';
import { verifyDocument, VerifierKey, type SignedDocument } from '@steward/audit-log';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { EVIDENCE_KIND, type RetentionEvidence } from '../src/retention/end-retention-deletion';
import { ForgetInstallationNotes } from '../src/retention/forget-installation-notes';
import { ScheduleRetention } from '../src/retention/schedule-retention';
import { GovernanceHouse, PROJECT } from './support/governance-house';
import { RetentionNeighbours } from './support/retention-neighbours';

jest.setTimeout(120_000);

type Body = Record<string, unknown>;
const BASE = `/v1/projects/${PROJECT}/retention`;
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

let house: GovernanceHouse;
let petra: { id: string; token: string };
let dan: { id: string; token: string };
let neighbours: RetentionNeighbours;

const get = async (path: string, token = petra.token): Promise<Body> =>
  (await house.get(`${BASE}/${path}`, token).expect(200)).body as Body;
const run = async (id: string) => get(`runs/${id}`);
const state = (id: string, wanted: string) =>
  eventually(async () => expect(await run(id)).toMatchObject({ state: wanted }));

async function open(body: object = {}, token = petra.token): Promise<string> {
  const made = await house.post(`${BASE}/runs`, token, body).expect(202);
  return (made.body as { id: string }).id;
}

beforeAll(async () => {
  house = await GovernanceHouse.open();
  await house.project();
  neighbours = await RetentionNeighbours.start(house);
  petra = await house.person('petra', ['privacy-officer']);
  dan = await house.person('dan', ['data-engineer']);
  const purpose = {
    title: 'Lending',
    description: 'Decides on applications for loans.',
    retention: [
      { class: 'dataset-versions', days: 365 },
      { class: 'consents', days: 100 },
    ],
  };
  const books = `/v1/projects/${PROJECT}/processing`;
  await house.put(`${books}/purposes/lending`, petra.token, purpose).expect(200);
  await house.put(`${books}/bindings/dataset/people`, petra.token, { purposes: ['lending'] }).expect(200);
});
afterAll(async () => {
  await neighbours.stop();
  await house.close();
});

/** Something to wait for, and what ends the wait. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Consents of two subjects, one in force and one withdrawn long ago; a note and an ended request. */
async function oldThings(): Promise<{ inForce: string; withdrawn: string }> {
  const [inForce, withdrawn] = [newPseudonym(), newPseudonym()];
  const consent = (pseudonym: string, what: string, days: number) =>
    house.rows(
      `INSERT INTO governance.consent_events (id, project, pseudonym, purpose, state, text_version, at, recorded_at, recorded_by)
       VALUES ($1, $2, $3, 'lending', $4, 1, $5, $5, 'u-1')`,
      [newId(), PROJECT, pseudonym, what, daysAgo(days)],
    );
  await consent(inForce, 'given', 400);
  await consent(withdrawn, 'given', 400);
  await consent(withdrawn, 'withdrawn', 200);
  return { inForce, withdrawn };
}

describe('how long data are kept', () => {
  it('is the strictest of purposes and policy, and says why', async () => {
    const policy = {
      rules: [
        { class: 'dataset-versions', days: 400 },
        { class: 'audit-notes', days: 90 },
      ],
    };
    await house.put(`${BASE}/policy`, dan.token, policy).expect(403);
    await house.put(`${BASE}/policy`, petra.token, { rules: [{ class: 'nonsense', days: 1 }] }).expect(400);
    await house.put(`${BASE}/policy`, petra.token, policy).expect(200);
    expect(await get('policy')).toMatchObject({ version: 1, changedBy: petra.id });
    expect((await get('schedule', dan.token))['items']).toEqual([
      {
        class: 'dataset-versions',
        dataset: 'people',
        days: 365,
        enforced: true,
        because: [
          { kind: 'purpose', name: 'lending', days: 365 },
          { kind: 'policy', name: 'project', days: 400 },
        ],
      },
      expect.objectContaining({ class: 'consents', dataset: null, days: 100 }),
      expect.objectContaining({ class: 'audit-notes', dataset: null, days: 90 }),
    ]);
  });
});

describe('a run', () => {
  it('counts first, deletes what a second person confirms, and leaves signed evidence', async () => {
    const { inForce, withdrawn } = await oldThings();
    const id = await open();
    const { orders } = await neighbours.orderOf(id, 'count');
    expect(orders.map((order) => [order.class, order.dataset])).toEqual([
      ['dataset-versions', 'people'],
      ['consents', null],
      ['audit-notes', null],
    ]);
    await house.post(`${BASE}/runs`, petra.token).expect(409);
    await house.post(`${BASE}/runs/${id}/confirm`, dan.token).expect(409);
    await neighbours.answer(id, 'count', 7);
    await state(id, 'counted');
    const counted = await run(id);
    expect(counted['counts']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ service: 'ingestion', store: 'dataset-rows', name: 'people', items: 7 }),
        expect.objectContaining({ service: 'governance', class: 'consents', items: 2 }),
      ]),
    );
    expect(JSON.stringify(counted)).not.toContain(withdrawn);
    const consents = 'SELECT pseudonym FROM governance.consent_events WHERE pseudonym = ANY($1)';
    expect(await house.rows(consents, [[inForce, withdrawn]])).toHaveLength(3);
    const metrics = (await house.get('/metrics', petra.token)).text
      .split('\n')
      .filter((line) => line.includes('_retention_'))
      .join('\n');
    expect(metrics).toMatch(/retention_overdue_items\{class="dataset-versions",service="governance"\} 7/);
    expect(
      Number(
        /retention_overdue_seconds\{class="dataset-versions",service="governance"\} (\d+)/.exec(metrics)?.[1],
      ),
    ).toBeGreaterThan(134 * 86_400);

    const refused = await house.post(`${BASE}/runs/${id}/confirm`, petra.token).expect(403);
    expect(refused.body).toMatchObject({ code: 'GOVERNANCE.RETENTION_FOUR_EYES' });
    await house.get(`${BASE}/runs/${id}/evidence`, petra.token).expect(404);
    await house.post(`${BASE}/runs/${id}/confirm`, dan.token).expect(202);
    // Nothing was counted of the notes: they are not in the order to delete.
    expect((await neighbours.orderOf(id, 'delete')).orders.map((order) => order.class)).toEqual([
      'dataset-versions',
      'consents',
    ]);
    await house.post(`${BASE}/runs/${id}/cancel`, petra.token).expect(409);
    await neighbours.answer(id, 'delete', 7);
    await state(id, 'done');
    expect(await run(id)).toMatchObject({ confirmedBy: dan.id, deletedItems: 9 });
    expect(await house.rows(consents, [[inForce, withdrawn]])).toEqual([{ pseudonym: inForce }]);

    const signed = (await get(`runs/${id}/evidence`)) as unknown as SignedDocument<RetentionEvidence>;
    const { body } = await house.get('/v1/audit/public-key', petra.token).expect(200);
    const key = VerifierKey.parse((body as { publicKey: string }).publicKey);
    expect(() => verifyDocument(EVIDENCE_KIND, signed, key)).not.toThrow();
    const forged = { ...signed, document: { ...signed.document, confirmedBy: 'u-nobody' } };
    expect(() => verifyDocument(EVIDENCE_KIND, forged, key)).toThrow('a part was changed');
    expect(signed.document.services.map(({ service, deleted }) => [service, deleted.length])).toEqual([
      ['governance', 1],
      ['ingestion', 1],
      ['monitoring', 0],
    ]);
    await eventually(async () => {
      const entries = (await house.events('steward.governance.audit.v1')).filter(
        (entry) => (entry['object'] as { id: string }).id === id,
      );
      expect(entries.map((entry) => entry['action'])).toEqual([
        'retention-run.open',
        'retention.count',
        'retention-run.count',
        'retention-run.confirm',
        'retention.delete',
        'retention-run.finish',
      ]);
    });
  });

  it('deletes nothing that a legal hold covers, whether it came before the run or after the count', async () => {
    await oldThings();
    const hold = { class: 'consents', reason: 'The claim of Smith against the lender.' };
    await house.post(`${BASE}/holds`, dan.token, hold).expect(403);
    await house.post(`${BASE}/holds`, petra.token, { ...hold, until: daysAgo(1) }).expect(400);
    await house.post(`${BASE}/holds`, petra.token, { ...hold, dataset: 'people' }).expect(400);

    const id = await open({ classes: ['consents'] });
    await neighbours.answer(id, 'count', 0);
    await state(id, 'counted');
    const placed = (await house.post(`${BASE}/holds`, petra.token, hold).expect(201)).body as { id: string };
    const stopped = await house.post(`${BASE}/runs/${id}/confirm`, dan.token).expect(409);
    expect(stopped.body).toMatchObject({ code: 'GOVERNANCE.RETENTION_HELD' });
    await house.post(`${BASE}/runs/${id}/cancel`, petra.token).expect(200);

    await house.post(`${BASE}/runs`, petra.token, { classes: ['consents'] }).expect(409);
    const other = await open({ classes: ['consents', 'audit-notes'] });
    expect((await run(other))['held']).toEqual([{ class: 'consents', dataset: null, holdId: placed.id }]);
    await neighbours.answer(other, 'count', 0);
    await state(other, 'empty');

    expect((await get('holds'))['items']).toMatchObject([{ id: placed.id, reason: hold.reason }]);
    await house.post(`${BASE}/holds/${placed.id}/lift`, petra.token, { reason: 'Settled.' }).expect(204);
    await house.post(`${BASE}/holds/${placed.id}/lift`, petra.token, { reason: 'Settled.' }).expect(409);
    expect((await get('holds'))['items']).toEqual([]);
    expect((await get('holds?all=true'))['items']).toMatchObject([
      { liftedBy: petra.id, liftReason: 'Settled.' },
    ]);
    const entries = JSON.stringify(await house.events('steward.governance.audit.v1'));
    expect(entries).toContain('legal-hold.place');
    expect(entries).not.toContain('Smith');
  });

  it('goes on by itself where the policy says so, for those classes alone', async () => {
    const policy = { rules: [{ class: 'audit-notes', days: 90 }], unattended: ['consents'] };
    await house.put(`${BASE}/policy`, petra.token, policy).expect(200);
    await oldThings();
    const schedule = house.app.get(ScheduleRetention);
    await schedule.work();
    const runs = (await get('runs'))['items'] as { id: string; origin: string; unattended: boolean }[];
    const [attended, unattended] = [false, true].map((wanted) =>
      runs.find((each) => each.origin === 'schedule' && each.unattended === wanted)!,
    );
    await neighbours.answer(unattended!.id, 'count', 0);
    await neighbours.answer(unattended!.id, 'delete', 0);
    await state(unattended!.id, 'done');
    expect(await run(unattended!.id)).toMatchObject({ confirmedBy: 'governance', openedBy: 'governance' });
    await neighbours.answer(attended!.id, 'count', 5);
    await state(attended!.id, 'counted');
    // The officer made the policy that it follows.
    await house.post(`${BASE}/runs/${attended!.id}/confirm`, petra.token).expect(403);
    await schedule.work();
    expect((await get('runs'))['items']).toHaveLength(runs.length);
    // A day later what still waits is counted anew.
    await house.rows(`UPDATE governance.retention_runs SET opened_at = opened_at - interval '25 hours'`);
    await schedule.work();
    expect(await run(attended!.id)).toMatchObject({ state: 'cancelled', endedBy: 'governance' });
    const now = (await get('runs'))['items'] as { state: string; origin: string }[];
    expect(now.filter((each) => each.origin === 'schedule' && each.state === 'counting')).toHaveLength(2);
  });

  it('takes old reports with their files, and the texts of what was decided or ended, and no younger ones', async () => {
    const rules = ['reports', 'breach-notes', 'approval-notes'].map((each) => ({ class: each, days: 300 }));
    await house.put(`${BASE}/policy`, petra.token, { rules }).expect(200);
    const auditor = await house.person('ada', ['auditor']);
    const period = { from: daysAgo(30), to: daysAgo(0) };
    const order = { kind: 'change-history', project: PROJECT, ...period };
    const issue = async () =>
      (await house.post('/v1/reports', auditor.token, order).expect(201)).body as {
        id: string;
        files: Record<string, { digest: string }>;
      };
    const [gone, kept] = [await issue(), await issue()];
    await house.rows('UPDATE governance.reports SET issued_at = $2 WHERE id = $1', [gone.id, daysAgo(400)]);
    for (const [id, days] of [
      ['old', 400],
      ['young', 10],
    ] as const) {
      await house.rows(
        `INSERT INTO governance.breaches (id, project, summary, end_reason, scope, aware_at, opened_by, opened_at, state, ended_by, ended_at, correlation)
         VALUES ($1, $2, 'Anna''s file', 'Anna told', '{}', $3, 'u-1', $3, 'notified', 'u-1', $3, 'c')`,
        [`breach-${id}`, PROJECT, daysAgo(days)],
      );
      await house.rows(
        `INSERT INTO governance.approval_requests (id, project, model, version, digest, alias, request, policy_version, policy, gates, correlation, state, opened_at, decided_at)
         VALUES ($1, $2, 'approval', 1, 'd', 'champion', '{}', 1, '{}', '[]', 'c', 'granted', $3, $3)`,
        [`approval-${id}`, PROJECT, daysAgo(days)],
      );
      await house.rows(
        `INSERT INTO governance.approval_decisions (id, request_id, person, kind, reason, decided_at)
         VALUES ($1, $2, 'u-1', 'approve', 'as Bert said', $3)`,
        [`decision-${id}`, `approval-${id}`, daysAgo(days)],
      );
      await house.rows(
        `INSERT INTO governance.approval_comments (id, request_id, person, text, at) VALUES ($1, $2, 'u-1', 'ask Bert', $3)`,
        [`comment-${id}`, `approval-${id}`, daysAgo(days)],
      );
    }

    const id = await open({ classes: rules.map((rule) => rule.class) });
    await neighbours.answer(id, 'count', 0);
    await state(id, 'counted');
    expect(((await run(id))['counts'] as Body[]).map((part) => [part['class'], part['items']])).toEqual(
      expect.arrayContaining([
        ['reports', 1],
        ['breach-notes', 1],
        ['approval-notes', 2],
      ]),
    );
    await house.get(`/v1/reports/${gone.id}/files/html`, auditor.token).expect(200);
    await house.post(`${BASE}/runs/${id}/confirm`, dan.token).expect(202);
    await neighbours.answer(id, 'delete', 0);
    await state(id, 'done');

    await house.get(`/v1/reports/${gone.id}`, auditor.token).expect(404);
    await house.get(`/v1/reports/${kept.id}/files/html`, auditor.token).expect(200);
    const store = new LocalArtifactStore(join(house.folder, 'artifacts'));
    // Two reports over one period have the same rows as CSV: that file is the younger one's too.
    const shared = Object.values(kept.files).map(({ digest }) => digest);
    for (const [format, { digest }] of Object.entries(gone.files))
      expect([format, await store.has(digest)]).toEqual([format, shared.includes(digest)]);
    expect(shared).not.toContain(gone.files['pdf']!.digest);
    for (const { digest } of Object.values(kept.files)) expect(await store.has(digest)).toBe(true);
    const texts = `SELECT id, summary AS text, end_reason AS other FROM governance.breaches WHERE project = $1
      UNION ALL SELECT id, reason, 'reason' FROM governance.approval_decisions WHERE request_id LIKE 'approval-%'
      UNION ALL SELECT id, text, 'text' FROM governance.approval_comments WHERE request_id LIKE 'approval-%' ORDER BY id`;
    expect(await house.rows(texts, [PROJECT])).toEqual([
      { id: 'breach-old', text: null, other: null },
      { id: 'breach-young', text: "Anna's file", other: 'Anna told' },
      { id: 'comment-old', text: null, other: 'text' },
      { id: 'comment-young', text: 'ask Bert', other: 'text' },
      { id: 'decision-old', text: null, other: 'reason' },
      { id: 'decision-young', text: 'as Bert said', other: 'reason' },
    ]);
    // What stands in the audit log still proves a copy of the report that somebody kept.
    const entries = JSON.stringify(await house.events('steward.governance.audit.v1'));
    expect(entries).toContain(gone.files['pdf']!.digest);
  });

  describe('takes an old report while one is issued that may share a file with it:', () => {
    /** A report of 400 days ago, a run that waits for its confirmation to delete it, and how to issue a young one. */
    async function oldReport(auditorName: string) {
      const rules = [{ class: 'reports', days: 300 }];
      await house.put(`${BASE}/policy`, petra.token, { rules }).expect(200);
      const auditor = await house.person(auditorName, ['auditor']);
      const order = { kind: 'change-history', project: PROJECT, from: daysAgo(30), to: daysAgo(1) };
      const issue = async () =>
        (await house.post('/v1/reports', auditor.token, order).expect(201)).body as {
          id: string;
          files: Record<string, { digest: string }>;
        };
      const old = await issue();
      const moment = [old.id, daysAgo(400)];
      await house.rows('UPDATE governance.reports SET issued_at = $2 WHERE id = $1', moment);
      const id = await open({ classes: ['reports'] });
      await neighbours.answer(id, 'count', 0);
      await state(id, 'counted');
      return { old, id, issue, store: house.app.get(ArtifactStore) };
    }

    const confirm = async (id: string) => house.post(`${BASE}/runs/${id}/confirm`, dan.token).expect(202);

    async function end(id: string): Promise<void> {
      await neighbours.answer(id, 'delete', 0);
      await state(id, 'done');
    }

    const somebodyWaits = () =>
      eventually(async () => {
        const waiting = `SELECT 1 FROM pg_locks WHERE relation = 'governance.reports'::regclass AND NOT granted`;
        expect(await house.rows(waiting)).toHaveLength(1);
      });

    it('the young one stores its files when the deletion is through', async () => {
      const { old, id, issue, store } = await oldReport('aron');
      const [reached, go] = [gate(), gate()];
      const remove = store.delete.bind(store);
      const deletion = jest.spyOn(store, 'delete').mockImplementation(async (digest) => {
        await remove(digest);
        reached.open();
        await go.opened;
      });
      const puts = jest.spyOn(store, 'put');
      await confirm(id);
      await reached.opened;
      const young = issue();
      const stored = await somebodyWaits()
        .then(() => puts.mock.calls.map(([content]) => sha256(content as Buffer)))
        .finally(() => go.open());
      const { files } = await young;
      for (const { digest } of Object.values(files)) expect(stored).not.toContain(digest);
      await end(id);
      deletion.mockRestore();
      puts.mockRestore();

      for (const { digest } of Object.values(files)) expect(await store.has(digest)).toBe(true);
      expect(await store.has(old.files['pdf']!.digest)).toBe(false);
    });

    it('the deletion waits for a young one that is not committed, and leaves what it shares', async () => {
      const { old, id, store } = await oldReport('alma');
      await house.rows('BEGIN');
      await house.rows(
        `INSERT INTO governance.reports
         SELECT (jsonb_populate_record(report, jsonb_build_object('id', $2::text, 'issued_at', now()))).*
         FROM governance.reports report WHERE id = $1`,
        [old.id, newId()],
      );
      await confirm(id);
      await somebodyWaits();
      await house.rows('COMMIT');
      await end(id);

      expect(await house.rows('SELECT id FROM governance.reports WHERE id = $1', [old.id])).toEqual([]);
      for (const { digest } of Object.values(old.files)) expect(await store.has(digest)).toBe(true);
    });
  });

  it('forgets the network addresses of logins after a year, and says that it did', async () => {
    const noted = async () =>
      house.rows(
        `SELECT entry.entry_id FROM governance.audit_notes note
         JOIN governance.audit_entries entry ON entry.entry_id = note.entry_id
         WHERE entry.project IS NULL AND note.address IS NOT NULL ORDER BY entry.index`,
      );
    const [first, second, third] = await eventually(async () => {
      const found = (await noted()).map((row) => row['entry_id'] as string);
      expect(found.length).toBeGreaterThan(2);
      return found;
    });
    const old = [first, second];
    await house.rows('UPDATE governance.audit_entries SET time = $1 WHERE entry_id = ANY($2)', [
      daysAgo(366),
      old,
    ]);
    const task = house.app.get(ForgetInstallationNotes);
    await task.work();
    const left = (await noted()).map((row) => row['entry_id']);
    expect(left).toContain(third);
    expect(left.filter((id) => old.includes(id as string))).toEqual([]);
    // There is nothing left for a second time to do, or to say.
    await task.work();
    await eventually(async () => {
      const expired = (await house.events('steward.governance.audit.v1')).filter(
        (entry) => entry['action'] === 'audit-notes.expire',
      );
      expect(expired.map((entry) => (entry['details'] as Body)['items'])).toEqual([2]);
    });
  });

  it('is hidden from who may not see it', async () => {
    const eve = await house.person('eve', ['ml-engineer']);
    await house.get(`${BASE}/runs`, eve.token).expect(404);
    await house.post(`${BASE}/runs`, dan.token).expect(403);
    await house.get(`${BASE}/runs/${newId()}`, petra.token).expect(404);
    await house.post(`${BASE}/runs/${newId()}/confirm`, dan.token).expect(404);
  });
});
