import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import {
  IngestionServiceClient,
  type UploadBatchResponse,
} from '@steward/contracts/generated/steward/ingestion/v1/ingestion';
import { eventually } from '@steward/testing';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { DeleteOldQuarantine } from '../src/batches/delete-old-quarantine';
import { LENDING } from '../src/batches/lending-contract.factory';
import { RecordVersion } from '../src/batches/record-version';
import { IngestionHouse } from './support/running-ingestion';

jest.setTimeout(60_000);
const contract = readFileSync(join(LENDING, 'contract.yaml'), 'utf8');
const initial = readFileSync(join(LENDING, 'data/initial.csv'));
const lines = initial.toString().split('\n');
const part = (from: number, to: number) => [lines[0], ...lines.slice(from, to)].join('\n');

const house = new IngestionHouse();
const elsewhere = new IngestionHouse();
beforeAll(async () => {
  await house.open();
  await house.putContract('applications', contract).expect(200);
});
afterAll(async () => {
  await house.close();
});

/** The row of the next version is not written, as if the process had died after the Delta commit. */
function dieAfterDeltaCommit(): void {
  jest.spyOn(house.running.app.get(RecordVersion), 'execute').mockRejectedValueOnce(new Error('killed'));
}
const versions = async () => (await house.get('/datasets/applications/versions').expect(200)).body.items;
const events = () => house.events('steward.ingestion.dataset-version.v1');

describe('a crash between the Delta commit and its row', () => {
  it('is repaired at the next start, with event and audit entry, once', async () => {
    await house.upload('applications', part(1, 11)).expect(200);
    dieAfterDeltaCommit();
    await house.upload('applications', part(11, 31)).expect(500);
    expect(await versions()).toHaveLength(1);
    await house.running.service.close();
    await house.start();
    expect(await versions()).toMatchObject([{ version: 2, rows: 30, deltaVersion: 1 }, { version: 1 }]);
    await eventually(async () => expect(await events()).toHaveLength(2));
    const audit = await house.events('steward.ingestion.audit.v1');
    expect(audit.filter(({ action }) => action === 'dataset-version.create')).toMatchObject([
      { actor: { id: 'u-dan', kind: 'person' } },
      { actor: { id: 'u-dan', kind: 'person' } },
    ]);
    await house.running.service.close();
    await house.start();
    expect(await versions()).toHaveLength(2);
  });

  it('is repaired before the next commit, and the bytes that come again are known', async () => {
    dieAfterDeltaCommit();
    await house.upload('applications', part(31, 41)).expect(500);
    const { body } = await house.upload('applications', part(41, 51)).expect(200);
    expect(body).toMatchObject({ version: 4, duplicate: false });
    expect((await versions()).map((each: { rows: number }) => each.rows)).toEqual([50, 40, 30, 10]);
    const again = await house.upload('applications', part(31, 41)).expect(200);
    expect(again.body).toMatchObject({ version: 3, duplicate: true });
  });

  it('keeps the quarantine of a batch that repair finds', async () => {
    dieAfterDeltaCommit();
    await house.upload('applications', initial).expect(500);
    const { body } = await house.upload('applications', initial).expect(200);
    expect(body).toMatchObject({ duplicate: true, quarantined: 12 });
    const listed = await house.get(`/datasets/applications/batches/${body.batch}/quarantine`).expect(200);
    expect(listed.body.items).toHaveLength(12);
  });
});

describe('two installations', () => {
  afterAll(() => elsewhere.close());

  it('give the same dataset version the same digest', async () => {
    await elsewhere.open();
    const digests = [];
    for (const each of [house, elsewhere]) {
      await each.putContract('same', contract.replace('dataset: applications', 'dataset: same')).expect(200);
      await each.upload('same', initial).expect(200);
      await each.upload('same', part(1, 20)).expect(200);
      const { body } = await each.get('/datasets/same/versions').expect(200);
      digests.push(body.items.map((item: { digest: string }) => item.digest));
    }
    expect(digests[0]).toEqual(digests[1]);
    expect(new Set(digests[0]).size).toBe(2);
  });
});

describe('keys and retention', () => {
  it('refuses to go on with a new key where the project had one', async () => {
    const keys = join(house.folder, 'keys/projects');
    expect((await stat(join(keys, 'lending'))).mode & 0o777).toBe(0o600);
    await rename(join(keys, 'lending'), join(keys, 'away'));
    const refused = await house.upload('applications', part(60, 61));
    expect(refused.status).toBe(500);
    await rename(join(keys, 'away'), join(keys, 'lending'));
    await house.upload('applications', part(60, 61)).expect(200);
  });

  it('deletes quarantine and left-over uploads when their time is over, and says so', async () => {
    const { body } = await house.get('/datasets/applications/batches').expect(200);
    const young = body.items.find((item: { quarantined: number }) => item.quarantined > 0).batch;
    const old = `00000000${young.slice(8)}`;
    const store = join(house.folder, 'artifacts/objects/ingestion/batches');
    await mkdir(join(store, old));
    await writeFile(join(store, old, 'upload'), 'left by a dead process');
    await writeFile(join(house.folder, 'keys/batches', old), Buffer.alloc(32));
    expect(await house.running.app.get(DeleteOldQuarantine).execute()).toBe(1);
    expect(await readdir(join(house.folder, 'keys/batches'))).toContain(young);
    expect(await readdir(join(house.folder, 'keys/batches'))).not.toContain(old);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 24 * 3600 * 1000);
    await house.running.app.get(DeleteOldQuarantine).execute();
    jest.restoreAllMocks();
    const gone = await house.get(`/datasets/applications/batches/${young}/quarantine`).expect(404);
    expect(gone.body.code).toBe('INGESTION.QUARANTINE_DELETED');
    const listed = await house.get('/datasets/applications/batches').expect(200);
    const deleted = listed.body.items.find((item: { batch: string }) => item.batch === young);
    expect(deleted.quarantineDeletedAt).not.toBeNull();
  });
});

describe('gRPC', () => {
  const client = () =>
    new IngestionServiceClient(`127.0.0.1:${house.running.service.grpcPort}`, credentials.createInsecure());
  const as = (credential: string) => {
    const metadata = new Metadata();
    metadata.set('authorization', credential);
    return metadata;
  };
  const upload = (content: Buffer, project: string, credential: string) =>
    new Promise<UploadBatchResponse>((resolve, reject) => {
      const call = client().uploadBatch(
        as(credential),
        (error: ServiceError | null, response: UploadBatchResponse) =>
          error ? reject(error) : resolve(response),
      );
      call.write({ project, dataset: 'remote', content: Buffer.alloc(0) });
      for (let at = 0; at < content.length; at += 10_000) {
        call.write({ project: '', dataset: '', content: content.subarray(at, at + 10_000) });
      }
      call.end();
    });

  it('does what HTTP does', async () => {
    const put = await new Promise((resolve, reject) =>
      client().putContract(
        {
          project: 'lending',
          dataset: 'remote',
          contract: contract.replace('dataset: applications', 'dataset: remote'),
        },
        as(house.engineer),
        (error, response) => (error ? reject(error) : resolve(response)),
      ),
    );
    expect(put).toMatchObject({ version: 1, created: true });
    const taken = await upload(initial, 'lending', house.engineer);
    expect(taken).toMatchObject({
      read: 1212,
      accepted: 1200,
      quarantined: 12,
      version: 1,
      duplicate: false,
    });
    expect(taken.byRule).toMatchObject({ quote: 2 });
    const version = await new Promise((resolve, reject) =>
      client().getDatasetVersion(
        { project: 'lending', dataset: 'remote', version: 1 },
        as(house.engineer),
        (error, response) => (error ? reject(error) : resolve(response.version)),
      ),
    );
    expect(version).toMatchObject({ version: 1, rows: 1200 });
    const listed = await request(house.running.url)
      .get('/v1/projects/lending/datasets')
      .set('authorization', house.engineer)
      .expect(200);
    expect(listed.body.items).toContainEqual({ name: 'remote', contractVersion: 1, versions: 1, rows: 1200 });
  });

  it('refuses a stream into a project where the caller may not', async () => {
    await expect(upload(initial, 'lending', house.machine)).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
    });
    await expect(upload(initial, 'No Name', house.engineer)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    await expect(upload(initial, 'nowhere', house.engineer)).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});
