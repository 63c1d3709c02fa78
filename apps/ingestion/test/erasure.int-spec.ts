import { DeltaTables } from '@steward/delta';
import {
  ErasureRequested,
  SubjectDataCollected,
  SubjectDataRequested,
  type JsonEventDefinition,
  type PayloadOf,
} from '@steward/contracts';
import { newId, sha256 } from '@steward/kernel';
import {
  ErasureReport,
  HeldData,
  newRecipient,
  openSealed,
  rowObjects,
  sealedPartPath,
} from '@steward/subjects';
import { eventually } from '@steward/testing';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import { PredictionRowRepository } from '../src/labelled/prediction-row.repository';
import { IngestionHouse } from './support/running-ingestion';
import { searchEverywhere } from './support/search-everywhere';

jest.setTimeout(120_000);

const contract = `
dataset: people
label: { column: deny, positive: 'yes', negative: 'no', favourable: 'no' }
groups: [sex]
columns:
  - { name: person, type: string, class: identifier, maxLength: 40, normalise: [trim, uppercase] }
  - { name: nickname, type: string, class: identifier, nullable: true }
  - { name: deny, type: string, class: label, allowed: ['yes', 'no'] }
  - { name: income, type: number, class: feature, min: 0, max: 100000 }
  - { name: remark, type: string, class: feature }
  - { name: sex, type: string, class: sensitive, allowed: ['f', 'm'] }
`;
const HEADER = 'person,nickname,deny,income,remark,sex';
const csv = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
/** Who is erased: identifiers that stand nowhere in the clear, and values that stand in the rows. */
const IDENTIFIERS = ['PERSON-4711-ANNA', 'Nick-Anna-Nick'];
const SECRET = 'anna said something only she says';
const QUARANTINED = 'anna-quarantined-value';
const PREDICTED = 'anna was predicted on this';

const house = new IngestionHouse();
const TABLES = ['datasets/lending/people', 'datasets/lending/others'];
const search = (texts: readonly string[]) =>
  searchEverywhere(texts, { folder: house.folder, owner: house.owner, logs: house.logs, tables: TABLES });
const post = (path: string, body: object, credential = house.officer) =>
  request(house.running.url).post(`/v1/projects/lending${path}`).set('authorization', credential).send(body);
const find = async (identifier: string): Promise<string | null> =>
  (await post('/subjects/find', { dataset: 'people', identifier }).expect(200)).body.pseudonym;
const order = <Definition extends JsonEventDefinition>(
  definition: Definition,
  payload: PayloadOf<Definition>,
) => house.governance.say(definition, { subject: 'lending/x', project: 'lending', payload });
const answers = async (requestId: string, field: string) =>
  (await house.events('steward.ingestion.subject.v1')).filter(
    (event) => event['requestId'] === requestId && field in event,
  );
const answered = (requestId: string, field: string) =>
  eventually(async () => {
    const [found] = await answers(requestId, field);
    expect(found).toBeDefined();
    return found!;
  });
async function erase(pseudonym: string): Promise<{ requestId: string; report: ErasureReport }> {
  const requestId = newId();
  await order(ErasureRequested, { requestId, pseudonym });
  const { reportDigest } = await answered(requestId, 'reportDigest');
  const digest = String(reportDigest);
  const file = join(house.folder, 'artifacts/sha256', digest.slice(0, 2), digest.slice(2));
  return { requestId, report: ErasureReport.parse(JSON.parse(await readFile(file, 'utf8'))) };
}
const verification = async (version: number) =>
  (await house.get(`/datasets/people/versions/${version}/verification`).expect(200)).body;
const table = async (version: number) =>
  house.running.app.get(DeltaTables).read('datasets/lending/people', { version: version - 1 });

let anna: string;
let bert: string;

beforeAll(async () => {
  await house.open({ STEWARD_INGESTION_LABELLED_ROWS: '1', STEWARD_INGESTION_LABELLED_WAIT_MS: '100' });
  for (const dataset of ['people', 'others'])
    await house.putContract(dataset, contract.replace('dataset: people', `dataset: ${dataset}`)).expect(200);
  await house
    .upload(
      'people',
      csv(
        ` person-4711-anna,Nick-Anna-Nick,yes,1000.5,${SECRET},f`,
        'bert-1,,no,2000,calm,m',
        `person-4711-anna,,${QUARANTINED},5,x,f`,
        'bert-1,,perhaps,5,x,m',
      ),
    )
    .expect(200);
  await house.upload('people', csv('person-4711-anna,,no,7,again,f', 'cid-2,,no,3,calm,m')).expect(200);
  await house.upload('others', csv('dora-9,,no,3,calm,f')).expect(200);
  anna = (await find('Person-4711-Anna'))!;
  bert = (await find('bert-1'))!;
  const column = (name: string, texts: string[]) => ({ name, numbers: [], texts, missing: [] });
  const predicted = async (subjects: string[], remarks: string[]) =>
    house.predicted({
      dataset: 'people',
      rows: remarks.length,
      inputs: [
        { name: 'income', numbers: remarks.map(() => 9), texts: [], missing: [] },
        column('remark', remarks),
      ],
      sensitive: [
        column(
          'sex',
          remarks.map(() => 'f'),
        ),
      ],
      subjects,
      scores: remarks.map(() => 0.75),
      labels: remarks.map(() => 'yes'),
      timeMs: Date.UTC(2026, 4, 5),
    });
  const joined = await predicted([anna, bert], [PREDICTED, 'bert predicted']);
  await house.happened({ predictionId: joined, rows: [0, 1], labels: ['yes', 'no'] });
  await eventually(async () =>
    expect((await house.get('/datasets/people/versions').expect(200)).body.items[0].labelledRows).toBe(2),
  );
  await predicted([anna], ['anna waits for her outcome']);
  await eventually(async () =>
    expect(await house.running.app.get(PredictionRowRepository).ofSubject('lending', anna)).toHaveLength(2),
  );
});
afterAll(() => house.close());

describe('finding somebody', () => {
  it('gives the pseudonym of who is known, makes nobody, and tells the identifier to no log or topic', async () => {
    const before = await house.rows('SELECT 1 FROM ingestion.subjects');
    expect(anna).toMatch(/^sub_/);
    expect(await find('nobody-knows-me')).toBeNull();
    expect(await house.rows('SELECT 1 FROM ingestion.subjects')).toHaveLength(before.length);
    expect((await search(['nobody-knows-me', 'NOBODY-KNOWS-ME'])).found).toEqual([]);
    await post('/subjects/find', { dataset: 'people', identifier: 'x' }, house.auditor).expect(404);
  });
});

describe('gathering', () => {
  it('hands over everything, readable for the recipient alone, and deletes it when it was collected', async () => {
    const requestId = newId();
    const recipient = newRecipient();
    await order(SubjectDataRequested, { requestId, pseudonym: anna, recipientKey: recipient.publicKey });
    const told = await answered(requestId, 'path');
    const path = String(told['path']);
    expect(path.startsWith(sealedPartPath(requestId, 'ingestion'))).toBe(true);
    const file = join(house.folder, 'artifacts/objects', path);
    const sealed = await readFile(file);
    expect(sha256(sealed)).toBe(told['digest']);
    expect(sealed.includes('Nick-Anna')).toBe(false);
    const held = HeldData.parse(JSON.parse(openSealed(recipient, sealed, path).toString('utf8')));
    const of = (name: string) => rowObjects(held.tables.find((each) => each.name === name)!);
    expect(of('identity')).toMatchObject([{ pseudonym: anna }]);
    expect(of('rows-people')).toMatchObject([
      {
        person: IDENTIFIERS[0],
        nickname: IDENTIFIERS[1],
        deny: 'yes',
        income: 1000.5,
        remark: SECRET,
        sex: 'f',
      },
      { person: IDENTIFIERS[0], nickname: null, deny: 'no', income: 7 },
      { person: null, deny: 'yes', remark: PREDICTED },
    ]);
    expect(of('decisions')).toMatchObject([
      { model: 'approval', modelVersion: 1, score: 0.75, decision: 'yes', outcome: 'yes', askedBy: 'm-1' },
      { outcome: null, decidedAt: '2026-05-05T00:00:00.000Z' },
    ]);
    expect(of('decided-on-people')).toMatchObject([{ remark: 'anna waits for her outcome' }]);
    expect(JSON.stringify(held)).not.toContain('bert');
    await order(SubjectDataCollected, { requestId, pseudonym: anna });
    await eventually(async () => {
      await expect(readFile(file)).rejects.toThrow('ENOENT');
    });
  });
});

describe('rectification', () => {
  it('makes a version with the corrected rows, keeps what the versions before held, and tells training', async () => {
    const requestId = newId();
    const path = `/subjects/${bert}/rectifications`;
    const body = {
      request: requestId,
      dataset: 'people',
      corrections: [{ column: 'income', value: '2500' }],
    };
    await post(path, { ...body, corrections: [{ column: 'person', value: 'x' }] }).expect(400);
    const bad = await post(path, { ...body, corrections: [{ column: 'income', value: 'my wage' }] }).expect(
      400,
    );
    expect(JSON.stringify(bad.body)).not.toContain('my wage');
    await post(path, body, house.engineer).expect(404);
    const made = (await post(path, body).expect(200)).body;
    expect(made).toMatchObject({ dataset: 'people', version: 4 });
    expect((await post(path, body).expect(200)).body).toEqual(made);
    await post(path, { ...body, dataset: 'others' }).expect(409);
    const incomes = async (version: number) => {
      const { columns } = await table(version);
      return columns['income']!.filter((_, at) => columns['_steward_subject']![at] === bert);
    };
    expect(await incomes(3)).toEqual([2000, 9]);
    expect([...(await incomes(4))].map(Number).toSorted((a, b) => a - b)).toEqual([2500, 2500]);
    expect((await table(4)).rows).toBe(6);
    expect(await answered(requestId, 'firstVersion')).toMatchObject({
      dataset: 'people',
      firstVersion: 1,
      version: 4,
      digest: made.digest,
      rows: 2,
    });
    for (const version of [1, 2, 3, 4])
      expect(await verification(version)).toMatchObject({ state: 'reproduced' });
    expect((await verification(4)).digest).not.toBe((await verification(3)).digest);
  });
});

describe('the search', () => {
  it('finds what is planted, in every form and place', async () => {
    const planted = 'PLANTED-IDENTIFIER-0815';
    await mkdir(join(house.folder, 'artifacts/planted'));
    const file = join(house.folder, 'artifacts/planted/file');
    for (const content of [
      planted,
      Buffer.from(planted).toString('base64'),
      Buffer.from(`x${planted}`).toString('base64'),
      Buffer.from(`xy${planted}`).toString('hex'),
    ]) {
      await writeFile(file, `before ${content} after`);
      expect((await search([planted])).found.map(({ place }) => place)).toContain('artifacts/planted/file');
    }
    await rm(join(house.folder, 'artifacts/planted'), { recursive: true });
    await house.rows(`CREATE TABLE ingestion.planted AS SELECT convert_to($1, 'utf8') AS bytes`, [planted]);
    expect((await search([planted])).found).toMatchObject([
      { place: 'table ingestion.planted', form: 'hex' },
    ]);
    await house.rows('DROP TABLE ingestion.planted');
    house.logs += planted;
    expect((await search([planted])).found).toMatchObject([{ place: 'logs' }]);
    house.logs = house.logs.replace(planted, '');
    expect((await search([planted])).found).toEqual([]);
  });
});

describe('erasure', () => {
  let hmac: string;
  let telemetry: number;

  it('begins where the design says: values in rows, the link in its table, identifiers nowhere in the clear', async () => {
    hmac = (
      await house.rows<{ identifier_hmac: string }>(
        'SELECT identifier_hmac FROM ingestion.subjects WHERE pseudonym = $1',
        [anna],
      )
    )[0]!.identifier_hmac;
    expect((await search(IDENTIFIERS)).found).toEqual([]);
    const places = async (texts: string[]) =>
      [...new Set((await search(texts)).found.map(({ place }) => place))].toSorted();
    expect(await places([SECRET])).toEqual(
      expect.arrayContaining(['datasets/lending/people@0', 'datasets/lending/people@3']),
    );
    expect(await places([hmac])).toEqual(['table ingestion.subjects']);
    expect(await places(['anna waits'])).toEqual(
      expect.arrayContaining(['table event_log.record', 'table ingestion.prediction_rows']),
    );
    telemetry = (await search([PREDICTED])).found.filter(
      ({ place }) => place === 'table event_log.record',
    ).length;
    expect(telemetry).toBeGreaterThan(0);
  });

  it('takes the subject out of every store, tells what it destroyed, and leaves the others', async () => {
    const digests = await Promise.all(
      [1, 2, 3, 4].map(async (version) => (await verification(version)).digest),
    );
    const { requestId, report } = await erase(anna);
    const stores = report.destroyed.map(({ store }) => store);
    expect([...new Set(stores)].toSorted()).toEqual([
      'dataset-file',
      'prediction-rows',
      'quarantine',
      'subject-key',
      'subject-link',
    ]);
    for (const part of report.destroyed.filter(({ store }) => store === 'dataset-file')) {
      expect(part.oldDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(part.newDigest).not.toBe(part.oldDigest);
      await expect(readFile(join(house.folder, 'artifacts/objects', part.name))).rejects.toThrow('ENOENT');
    }
    expect(await answers(requestId, 'appearances')).toMatchObject([
      { appearances: [{ dataset: 'people', firstVersion: 1 }] },
    ]);
    const gone = await search([...IDENTIFIERS, SECRET, QUARANTINED, hmac, 'again,f', 'anna waits']);
    // Telemetry stays under the unlinked pseudonym until its retention ends: governance's certificate names it.
    expect(gone.found.filter(({ place }) => place !== 'table event_log.record')).toEqual([]);
    const [left] = await house.rows<{ leaked: number }>(
      `SELECT count(*)::int AS leaked FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
       WHERE t.name NOT LIKE 'steward.inference.%' AND position(convert_to($1, 'utf8') IN r.value) > 0`,
      [PREDICTED],
    );
    expect(left!.leaked).toBe(0);
    for (const version of [1, 2, 3, 4]) {
      const rows = await table(version);
      expect(rows.columns['_steward_subject']).not.toContain(anna);
      expect(await verification(version)).toMatchObject({
        state: 'erased',
        digest: digests[version - 1],
        rows: rows.rows,
        erasures: [{ requestId }],
      });
    }
    const { body } = await house.get('/datasets/people/versions').expect(200);
    expect(
      body.items.map(({ version, rows, erasedRows }: Record<string, number>) => [version, rows, erasedRows]),
    ).toEqual([
      [4, 3, 3],
      [3, 3, 3],
      [2, 2, 2],
      [1, 1, 1],
    ]);
    expect((await table(4)).columns['remark']!.map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'bert predicted',
      'calm',
      'calm',
    ]);
    const batches = (await house.get('/datasets/people/batches').expect(200)).body.items;
    const first = batches.find(({ version }: { version: number }) => version === 1).batch;
    const quarantine = (await house.get(`/datasets/people/batches/${first}/quarantine`).expect(200)).body
      .items;
    expect(quarantine).toMatchObject([
      { rule: 'allowed', column: 'deny', value: null },
      { rule: 'allowed', column: 'deny', value: 'perhaps' },
    ]);
    expect(JSON.stringify(quarantine)).not.toContain('subject');
    expect(await find(IDENTIFIERS[0]!)).toBeNull();
  });

  it('lets nothing come back under the pseudonym, and numbers what follows honestly', async () => {
    const late = await house.predicted({
      dataset: 'people',
      inputs: [{ name: 'income', numbers: [1], texts: [], missing: [] }],
      subjects: [anna],
      scores: [0.2],
      labels: ['no'],
    });
    const other = await house.predicted({
      dataset: 'people',
      inputs: [{ name: 'income', numbers: [1], texts: [], missing: [] }],
      subjects: [bert],
      scores: [0.2],
      labels: ['no'],
    });
    await eventually(async () =>
      expect(
        await house.rows('SELECT 1 FROM ingestion.prediction_rows WHERE prediction_id = $1', [other]),
      ).toHaveLength(1),
    );
    await eventually(async () =>
      expect(
        await house.rows('SELECT 1 FROM ingestion.prediction_rows WHERE prediction_id = $1', [late]),
      ).toHaveLength(0),
    );
    await house.upload('people', csv('person-4711-anna,,no,7,back again,f')).expect(200);
    expect(await find(IDENTIFIERS[0]!)).not.toBe(anna);
    expect(await verification(5)).toMatchObject({ state: 'reproduced', rows: 4 });
  });

  it('is applied again before the service is ready, where the database was restored from a backup', async () => {
    const { requestId } = await erase(bert);
    const backup = {
      subjects: await house.rows('SELECT * FROM ingestion.subjects'),
      keys: await house.rows('SELECT * FROM ingestion.subject_keys'),
    };
    expect(backup.keys.length).toBeGreaterThan(0);
    await house.running.service.close();
    // As the backup from before it had it: no erasure, and the link and key are there.
    for (const name of [
      'subject_parts',
      'subject_tasks',
      'erased_subjects',
      'erased_batches',
      'erased_file_rows',
    ])
      await house.rows(`DELETE FROM ingestion.${name}`);
    for (const pseudonym of [anna, bert]) {
      await house.rows(
        `INSERT INTO ingestion.subjects (project, identifier_hmac, pseudonym) VALUES ('lending', $1, $2)`,
        [sha256(pseudonym), pseudonym],
      );
      await house.rows(`INSERT INTO ingestion.subject_keys VALUES ($1, $2)`, [
        pseudonym,
        Buffer.from('wrapped'),
      ]);
    }
    await house.start();
    await eventually(() => request(house.running.url).get('/health/ready').expect(200));
    // Ready: so it is done already.
    expect(
      await house.rows('SELECT 1 FROM ingestion.subjects WHERE pseudonym = ANY($1)', [[anna, bert]]),
    ).toEqual([]);
    expect(
      await house.rows('SELECT 1 FROM ingestion.subject_keys WHERE pseudonym = ANY($1)', [[anna, bert]]),
    ).toEqual([]);
    expect(await house.rows('SELECT 1 FROM ingestion.erased_subjects')).toHaveLength(2);
    await eventually(async () => expect(await answers(requestId, 'reportDigest')).toHaveLength(2));
    await house.running.service.close();
    await house.start();
    await eventually(() => request(house.running.url).get('/health/ready').expect(200));
    expect(await answers(requestId, 'reportDigest')).toHaveLength(2);
  });
});
