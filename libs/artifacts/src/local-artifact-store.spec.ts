import { sha256 } from '@steward/kernel';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactStoreContract } from './artifact-store.contract';
import { LocalArtifactStore } from './local-artifact-store';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('LocalArtifactStore', () => {
  artifactStoreContract(async () => new LocalArtifactStore(await newFolder(), { maxBytes: 1000 }));

  it('notices bytes that were changed on disk', async () => {
    const folder = await newFolder();
    const store = new LocalArtifactStore(folder);
    const { digest } = await store.put(Buffer.from('model'));
    await writeFile(join(folder, 'sha256', digest.slice(0, 2), digest.slice(2)), 'mode1');
    await expect(store.read(digest)).rejects.toMatchObject({ code: 'ARTIFACT.CORRUPT' });
  });

  it('leaves no temporary file behind, also after refusals', async () => {
    const folder = await newFolder();
    const store = new LocalArtifactStore(folder, { maxBytes: 3 });
    await store.put(Buffer.from('ok'));
    await store.put(Buffer.from('ok'));
    await store.objects.putIfAbsent('x', Buffer.from('ok'));
    await store.objects.putIfAbsent('x', Buffer.from('no'));
    await expect(store.put(Buffer.from('long'))).rejects.toMatchObject({ code: 'ARTIFACT.TOO_LARGE' });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('removes what writers left that died more than a day ago, and nothing younger', async () => {
    const folder = await newFolder();
    const store = new LocalArtifactStore(folder);
    await store.prepare();
    for (const name of ['old', 'young']) await writeFile(join(folder, 'tmp', name), '');
    await utimes(join(folder, 'tmp', 'old'), 1, 1);
    await store.prepare();
    expect(await readdir(join(folder, 'tmp'))).toEqual(['young']);
  });

  it('lays artifacts out as sha256/ab/cdef', async () => {
    const folder = await newFolder();
    await new LocalArtifactStore(folder).put(Buffer.from('abc'));
    const digest = sha256('abc');
    expect(await readdir(join(folder, 'sha256', digest.slice(0, 2)))).toEqual([digest.slice(2)]);
  });
});
