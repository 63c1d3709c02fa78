import { LocalArtifactStore } from '@steward/artifacts';
import { verifyDocument, VerifierKey } from '@steward/audit-log';
import {
  ConsentChanged,
  SubjectDataGathered,
  SubjectErased,
  SubjectModelsFlagged,
  SubjectParticipants,
  SubjectRectified,
  type JsonEventDefinition,
  type PayloadOf,
  type SubjectParticipant,
} from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  decisionsTable,
  heldTable,
  modelsTable,
  sealedPartPath,
  sealFor,
  type ErasureReport,
  type HeldTable,
} from '@steward/subjects';
import { eventually, Neighbour } from '@steward/testing';
import { unzipSync } from 'fflate';
import { join } from 'node:path';
import request from 'supertest';
import { ExpireArchives } from '../src/subject-requests/expire-archives';
import { CERTIFICATE_KIND } from '../src/subject-requests/erasure-certificate';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(120_000);

const TOPIC = 'steward.governance.subject-request.v1';
const base = `/v1/projects/${PROJECT}/subject-requests`;

let house: GovernanceHouse;
let officer: { id: string; token: string };
let artifacts: LocalArtifactStore;
const neighbours = new Map<SubjectParticipant, Neighbour>();

beforeAll(async () => {
  house = await GovernanceHouse.open();
  await house.project();
  officer = await house.person('petra', ['privacy-officer']);
  artifacts = new LocalArtifactStore(join(house.folder, 'artifacts'));
  for (const service of SubjectParticipants) {
    const neighbour = new Neighbour(service, house.database.urlOf(service));
    await neighbour.start();
    neighbours.set(service, neighbour);
  }
});
afterAll(async () => {
  await Promise.all([...neighbours.values()].map((neighbour) => neighbour.stop()));
  await house.close();
});

const say = <Definition extends JsonEventDefinition>(
  service: SubjectParticipant,
  definition: Definition,
  payload: PayloadOf<Definition>,
) =>
  neighbours.get(service)!.say(definition, {
    subject: `${PROJECT}/x`,
    project: PROJECT,
    payload,
  });

async function open(kind: string, pseudonym = newPseudonym()): Promise<{ id: string; pseudonym: string }> {
  const { body } = await house.post(base, officer.token, { kind, pseudonym }).expect(201);
  return { id: (body as { id: string }).id, pseudonym };
}

async function ready(kind: string, pseudonym?: string): Promise<{ id: string; pseudonym: string }> {
  const made = await open(kind, pseudonym);
  await house.post(`${base}/${made.id}/assign`, officer.token, { person: officer.id }).expect(200);
  const evidence = { kind: 'identity', text: 'Passport shown by Ann Example at the counter.' };
  await house.post(`${base}/${made.id}/evidence`, officer.token, evidence).expect(200);
  return made;
}

const get = async (id: string) => (await house.get(`${base}/${id}`, officer.token).expect(200)).body;
const fulfilled = (id: string) =>
  eventually(async () => {
    const body = await get(id);
    expect(body.state).toBe('fulfilled');
    return body;
  });
const ordered = (type: string, requestId: string) =>
  eventually(async () => {
    const found = (await house.events(TOPIC)).find(
      (event) => event['requestId'] === requestId && (type !== 'gather' || 'recipientKey' in event),
    );
    expect(found).toBeDefined();
    return found!;
  });

async function erased(service: SubjectParticipant, of: { id: string; pseudonym: string }, models = 0) {
  const report: ErasureReport = {
    format: 'steward-erasure-report/1',
    service,
    requestId: of.id,
    pseudonym: of.pseudonym,
    completedAt: '2026-01-01T00:00:00.000Z',
    destroyed: [{ store: 'thing', name: `${service}/1`, oldDigest: sha256('a'), newDigest: null, items: 1 }],
    remaining: [],
    models: Array.from({ length: models }, (_, at) => ({
      model: 'approval',
      version: at + 1,
      digest: sha256('m'),
      dataset: 'applications',
      datasetVersion: 1,
      aliases: ['champion'],
    })),
  };
  const { digest } = await artifacts.put(Buffer.from(JSON.stringify(report)));
  await say(service, SubjectErased[service], {
    requestId: of.id,
    pseudonym: of.pseudonym,
    reportDigest: digest,
    destroyed: 1,
    remaining: 0,
    appearances: [],
    models,
  });
}

describe('a request', () => {
  it('has a clock, a person responsible, evidence and an end, all in the audit log', async () => {
    const { id, pseudonym } = await open('access');
    const opened = await get(id);
    expect(opened).toMatchObject({ state: 'received', responsible: null, extended: false, overdue: false });
    expect(Date.parse(opened.dueAt) - Date.parse(opened.receivedAt)).toBeGreaterThan(27 * 86_400_000);
    await house.post(base, officer.token, { kind: 'access', pseudonym }).expect(409);
    const unassigned = await house.post(`${base}/${id}/run`, officer.token).expect(409);
    expect(unassigned.body.code).toBe('GOVERNANCE.SUBJECT_REQUEST_UNASSIGNED');
    const auditor = await house.person('otto', ['auditor']);
    const unable = await house
      .post(`${base}/${id}/assign`, officer.token, { person: auditor.id })
      .expect(400);
    expect(unable.body.code).toBe('GOVERNANCE.SUBJECT_REQUEST_PERSON');
    await house.post(`${base}/${id}/assign`, officer.token, { person: officer.id }).expect(200);
    const unproven = await house.post(`${base}/${id}/run`, officer.token).expect(409);
    expect(unproven.body.code).toBe('GOVERNANCE.SUBJECT_REQUEST_UNIDENTIFIED');
    const longer = await house
      .post(`${base}/${id}/extend`, officer.token, { months: 2, reason: 'Three systems hold data.' })
      .expect(200);
    expect(Date.parse(longer.body.dueAt)).toBeGreaterThan(Date.parse(opened.dueAt) + 50 * 86_400_000);
    await house.post(`${base}/${id}/extend`, officer.token, { months: 1, reason: 'again' }).expect(409);
    const reason = 'Nobody could tell who Ann Example is.';
    const refused = await house
      .post(`${base}/${id}/refuse`, officer.token, { ground: 'subject-not-identified', reason })
      .expect(200);
    expect(refused.body).toMatchObject({ state: 'refused', ground: 'subject-not-identified' });
    expect(refused.body.notes.map((note: { text: string }) => note.text)).toContain(reason);
    await house.post(`${base}/${id}/withdraw`, officer.token).expect(409);
    await eventually(async () => {
      const audit = (await house.events('steward.governance.audit.v1')).filter(
        (entry) => (entry['object'] as { id: string }).id === pseudonym,
      );
      // Refused attempts are entries too, of other objects.
      expect(audit.map((entry) => entry['action'])).toEqual([
        'subject-request.open',
        'subject-request.assign',
        'subject-request.note',
        'subject-request.extend',
        'subject-request.note',
        'subject-request.refuse',
      ]);
    });
    // Free text is in no topic: it would outlive its erasure there.
    for (const topic of ['audit', 'audit-note', 'subject-request'])
      expect(JSON.stringify(await house.events(`steward.governance.${topic}.v1`))).not.toContain(
        'Ann Example',
      );
  });

  it('names the subject by a pseudonym alone, and repeats nothing else', async () => {
    const answer = await house
      .post(base, officer.token, { kind: 'erasure', pseudonym: 'Ann Example, 12 May 1980' })
      .expect(400);
    expect(JSON.stringify(answer.body)).not.toContain('Ann');
    expect(answer.body.code).toBe('REQUEST.BODY_INVALID');
  });

  it('is handled by privacy officers alone; auditors read it', async () => {
    const { id } = await ready('erasure');
    const auditor = await house.person('otto', ['auditor']);
    const engineer = await house.person('emil', ['ml-engineer']);
    await house.get(`${base}/${id}`, auditor.token).expect(200);
    await house.get(`${base}/${id}`, engineer.token).expect(404);
    await house.post(`${base}/${id}/run`, auditor.token).expect(403);
    await house.get(`${base}/${id}/archive`, auditor.token).expect(403);
    await house
      .post(`${base}/${id}/withdraw`, officer.token, { reason: 'The subject wrote again.' })
      .expect(200);
  });
});

describe('erasure', () => {
  it('ends once every service has answered, with a certificate that anybody can verify', async () => {
    const of = await ready('erasure');
    await house.post(`${base}/${of.id}/run`, officer.token).expect(202);
    await ordered('erasure', of.id);
    await house.post(`${base}/${of.id}/withdraw`, officer.token).expect(409);
    for (const service of ['ingestion', 'inference', 'monitoring'] as const) await erased(service, of);
    await eventually(async () =>
      expect(
        (await get(of.id)).steps.filter((step: { state: string }) => step.state === 'done'),
      ).toHaveLength(3),
    );
    expect((await get(of.id)).state).toBe('in_progress');
    await erased('training', of, 2);
    const done = await fulfilled(of.id);
    expect(done.result).toMatchObject({ models: 2 });
    expect(done.notes.every((note: { text: string | null }) => note.text === null)).toBe(true);
    const signed = (await house.get(`${base}/${of.id}/certificate`, officer.token).expect(200)).body;
    const { body } = await request(house.url).get('/v1/audit/public-key').expect(200);
    const key = VerifierKey.parse(body.publicKey);
    expect(() => verifyDocument(CERTIFICATE_KIND, signed, key)).not.toThrow();
    signed.document.services[0].destroyed[0].items += 1;
    expect(() => verifyDocument(CERTIFICATE_KIND, signed, key)).toThrow('a part was changed');
    expect(signed.document.services.map((part: { service: string }) => part.service).sort()).toEqual(
      ['governance', ...[...SubjectParticipants].sort()].sort(),
    );
    const stays = signed.document.services.at(-1).remaining.map((part: { store: string }) => part.store);
    expect(stays).toEqual(['audit-log', 'audit-notes-topic', 'subject-requests']);
    // Told again, nothing happens twice.
    await erased('training', of, 2);
    await erased('ingestion', of);
    const entries = await eventually(async () => {
      const found = (await house.events('steward.governance.audit.v1')).filter(
        (entry) =>
          entry['action'] === 'subject-request.fulfil' &&
          (entry['object'] as { id: string }).id === of.pseudonym,
      );
      expect(found).toHaveLength(1);
      return found;
    });
    expect((entries[0]!['details'] as { certificate: string }).certificate).toBe(done.result.certificate);
  });

  it('is finished at the next start where governance died after the last answer', async () => {
    const of = await ready('erasure');
    await house.post(`${base}/${of.id}/run`, officer.token).expect(202);
    await ordered('erasure', of.id);
    await house.running.close();
    for (const service of SubjectParticipants) await erased(service, of);
    await house.start();
    expect((await fulfilled(of.id)).result.certificate).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('access and portability', () => {
  const tables: Record<SubjectParticipant, HeldTable[]> = {
    ingestion: [
      heldTable(
        { name: 'rows-applications', description: 'Your applications.', origin: 'provided' },
        { income: 'Income.', name: 'Name.' },
        [{ income: 1200.5, name: 'Ann Example' }],
      ),
      decisionsTable([
        {
          prediction: 'p/0',
          decidedAt: '2026-01-02T03:04:05.000Z',
          model: 'approval',
          modelVersion: 3,
          score: 0.731,
          decision: 'deny',
          outcome: null,
          askedBy: 'm-1',
        },
      ]),
    ],
    training: [
      modelsTable([
        {
          model: 'approval',
          version: 3,
          learner: 'gradient boosting',
          inputs: 'income, debts',
          decisionThreshold: 0.5,
          positive: 'deny',
          negative: 'approve',
          favourable: 'approve',
          dataset: 'applications',
          datasetVersion: 2,
          servedSince: null,
        },
      ]),
    ],
    inference: [],
    monitoring: [],
  };

  async function gather(kind: 'access' | 'portability') {
    const of = await ready(kind);
    await house.post(`${base}/${of.id}/run`, officer.token).expect(202);
    const { recipientKey } = await ordered('gather', of.id);
    for (const service of SubjectParticipants) {
      const path = sealedPartPath(of.id, service);
      const plain = Buffer.from(JSON.stringify({ service, tables: tables[service] }));
      const sealed = sealFor(String(recipientKey), plain, path);
      await artifacts.objects.put(path, sealed);
      const answer = { requestId: of.id, pseudonym: of.pseudonym, path, digest: sha256(sealed), items: 1 };
      await say(service, SubjectDataGathered[service], answer);
    }
    await fulfilled(of.id);
    const { body } = await house
      .get(`${base}/${of.id}/archive`, officer.token)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      })
      .expect(200);
    const files = unzipSync(body as Buffer);
    const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
    return { of, files, text };
  }

  it('makes one archive of all parts, sealed at rest, with a readable report that explains each decision', async () => {
    const { of, files, text } = await gather('access');
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'about.json',
        'report.pdf',
        'data/ingestion-rows-applications.csv',
        'data/ingestion-rows-applications.json',
        'data/ingestion-decisions.json',
        'data/governance-requests.json',
        'data/governance-disclosures.csv',
      ]),
    );
    expect(text('data/ingestion-rows-applications.csv')).toBe('income,name\n1200.5,Ann Example\n');
    expect(JSON.parse(text('about.json'))).toMatchObject({ request: of.id, kind: 'access' });
    expect(Buffer.from(files['report.pdf']!).subarray(0, 8).toString()).toBe('%PDF-1.7');
    const sealed = await artifacts.objects.get(`subjects/archives/${of.id}`);
    expect(sealed.includes('Ann Example') || sealed.includes('about.json')).toBe(false);
    await eventually(async () => {
      const audit = await house.events('steward.governance.audit.v1');
      expect(audit.filter((entry) => entry['action'] === 'subject-archive.download')).toHaveLength(1);
    });
  });

  it('leaves out of portability what was derived', async () => {
    const { files } = await gather('portability');
    expect(Object.keys(files)).toContain('data/ingestion-rows-applications.json');
    expect(Object.keys(files).filter((name) => /decisions|models|pdf/.test(name))).toEqual([]);
  });

  it('keeps an archive for a time only, and not beyond the erasure of its subject', async () => {
    const { of } = await gather('access');
    const path = `subjects/archives/${of.id}`;
    expect(await artifacts.objects.exists(path)).toBe(true);
    await house.rows(
      `UPDATE governance.subject_archives SET expires_at = now() - interval '1 s' WHERE request_id = $1`,
      [of.id],
    );
    await house.app.get(ExpireArchives).execute();
    expect(await artifacts.objects.exists(path)).toBe(false);
    const gone = await house.get(`${base}/${of.id}/archive`, officer.token).expect(404);
    expect(gone.body.code).toBe('GOVERNANCE.SUBJECT_ARCHIVE_EXPIRED');
    const next = await gather('access');
    const erasure = await ready('erasure', next.of.pseudonym);
    await house.post(`${base}/${erasure.id}/run`, officer.token).expect(202);
    for (const service of SubjectParticipants) await erased(service, erasure);
    await fulfilled(erasure.id);
    expect(await artifacts.objects.exists(`subjects/archives/${next.of.id}`)).toBe(false);
  });
});

describe('restriction, objection and rectification', () => {
  const terms = async (pseudonym: string) =>
    (await house.events(TOPIC))
      .filter((event) => event['pseudonym'] === pseudonym && 'training' in event)
      .map(({ training, inference, because }) => ({ training, inference, because }));

  it('tells services the strictest of all reasons, and again when one is lifted', async () => {
    const { pseudonym } = await ready('objection').then(async (of) => {
      await house.post(`${base}/${of.id}/run`, officer.token).expect(202);
      return of;
    });
    const restriction = await ready('restriction', pseudonym);
    const ran = await house.post(`${base}/${restriction.id}/run`, officer.token).expect(202);
    expect(ran.body.state).toBe('fulfilled');
    const listed = await house.get(`/v1/projects/${PROJECT}/subject-terms`, officer.token).expect(200);
    expect(
      listed.body.items.filter((item: { pseudonym: string }) => item.pseudonym === pseudonym),
    ).toHaveLength(2);
    const lift = `/v1/projects/${PROJECT}/subject-terms/${pseudonym}/lift`;
    await house.post(lift, officer.token, { because: 'restriction' }).expect(200);
    await house.post(lift, officer.token, { because: 'restriction' }).expect(404);
    await eventually(async () =>
      expect(await terms(pseudonym)).toEqual([
        { training: false, inference: 'person', because: ['objection'] },
        { training: false, inference: 'refused', because: ['objection', 'restriction'] },
        { training: false, inference: 'person', because: ['objection'] },
      ]),
    );
  });

  it('follow a consent that is withdrawn and given again, where the purpose rests on it', async () => {
    const pseudonym = newPseudonym();
    const say = (withdrawn: string[]) =>
      house.app.get(Database).transaction(async (unit: UnitOfWork) => {
        house.app.get(Outbox).publish(unit, ConsentChanged, {
          subject: `${PROJECT}/${pseudonym}`,
          project: PROJECT,
          correlation: newId(),
          actor: officer.id,
          payload: {
            pseudonym,
            purpose: 'scoring',
            state: withdrawn.length > 0 ? 'withdrawn' : 'given',
            textVersion: 1,
            textDigest: null,
            at: '2026-01-02T03:04:05.678Z',
            restsOnConsent: true,
            withdrawn,
          },
        });
      });
    await say([]);
    await say(['scoring']);
    await say([]);
    await eventually(async () =>
      expect(await terms(pseudonym)).toEqual([
        { training: false, inference: 'refused', because: ['consent-withdrawn'] },
        { training: true, inference: 'allowed', because: [] },
      ]),
    );
  });

  it('is fulfilled when ingestion holds the corrected rows and training has flagged the models', async () => {
    const of = await ready('rectification');
    await house.post(`${base}/${of.id}/run`, officer.token).expect(202);
    const about = { requestId: of.id, pseudonym: of.pseudonym };
    await say('ingestion', SubjectRectified, {
      ...about,
      dataset: 'applications',
      firstVersion: 1,
      version: 4,
      digest: sha256('d'),
      rows: 2,
    });
    await say('training', SubjectModelsFlagged, {
      ...about,
      because: 'rectification',
      listDigest: sha256('l'),
      models: 1,
    });
    expect((await fulfilled(of.id)).result).toMatchObject({
      dataset: 'applications',
      version: 4,
      rows: 2,
      models: 1,
    });
  });
});
