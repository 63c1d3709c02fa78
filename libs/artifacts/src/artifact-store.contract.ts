import { sha256 } from '@steward/kernel';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ArtifactStore } from './artifact-store';

const bytes = (text: string): Buffer => Buffer.from(text);

function* chunksThen(error: Error): Generator<Buffer> {
  yield bytes('half');
  throw error;
}

/**
 * What every ArtifactStore must do. `make` gives an empty store whose largest object is 1,000 bytes.
 */
export function artifactStoreContract(make: () => Promise<ArtifactStore>): void {
  let store: ArtifactStore;
  beforeEach(async () => {
    store = await make();
  });

  describe('artifacts', () => {
    it('names bytes by their SHA-256 and gives them back', async () => {
      const put = await store.put(bytes('model'));
      expect(put).toEqual({ digest: sha256('model'), size: 5 });
      expect(await store.read(put.digest)).toEqual(bytes('model'));
      expect(await store.has(put.digest)).toBe(true);
    });

    it('takes a stream, an empty one too, and the same bytes twice or at once', async () => {
      const stream = await store.put(Readable.from([bytes('mo'), bytes('del')]));
      expect(stream).toEqual({ digest: sha256('model'), size: 5 });
      const same = await Promise.all([store.put(bytes('model')), store.put(bytes('model'))]);
      expect(same.map((each) => each.digest)).toEqual([stream.digest, stream.digest]);
      const empty = await store.put(Readable.from([]));
      expect(await store.read(empty.digest)).toHaveLength(0);
    });

    it('refuses too many bytes and keeps nothing of them', async () => {
      const large = Buffer.alloc(1001, 1);
      await expect(store.put(large)).rejects.toMatchObject({ code: 'ARTIFACT.TOO_LARGE', kind: 'limit' });
      await expect(store.put(Readable.from([large]))).rejects.toMatchObject({ code: 'ARTIFACT.TOO_LARGE' });
      await expect(store.put(bytes('12345'), { maxBytes: 4 })).rejects.toMatchObject({
        code: 'ARTIFACT.TOO_LARGE',
      });
      expect(await store.has(sha256(large))).toBe(false);
    });

    it('passes on the failure of a stream and keeps nothing of it', async () => {
      await expect(store.put(Readable.from(chunksThen(new Error('cut'))))).rejects.toThrow('cut');
      expect(await store.has(sha256('half'))).toBe(false);
    });

    it('says what is missing, too large or no digest', async () => {
      const { digest } = await store.put(bytes('model'));
      await expect(store.read(sha256('other'))).rejects.toMatchObject({ code: 'ARTIFACT.NOT_FOUND' });
      await expect(store.read(digest, { maxBytes: 4 })).rejects.toMatchObject({ code: 'ARTIFACT.TOO_LARGE' });
      await expect(store.read('../secrets')).rejects.toMatchObject({ code: 'ARTIFACT.INVALID_DIGEST' });
      expect(await store.has(sha256('other'))).toBe(false);
    });

    it('deletes an artifact and no other, as often as asked', async () => {
      const [gone, kept] = [await store.put(bytes('gone')), await store.put(bytes('kept'))];
      await store.delete(gone.digest);
      await store.delete(gone.digest);
      await expect(store.read(gone.digest)).rejects.toMatchObject({ code: 'ARTIFACT.NOT_FOUND' });
      expect(await store.read(kept.digest)).toEqual(bytes('kept'));
      await expect(store.delete('../secrets')).rejects.toMatchObject({ code: 'ARTIFACT.INVALID_DIGEST' });
    });
  });

  describe('objects', () => {
    it('puts only where there is nothing, once among many at the same time', async () => {
      const tries = Array.from({ length: 8 }, (_, at) => store.objects.putIfAbsent('a/b', bytes(`${at}`)));
      const won = (await Promise.all(tries)).flatMap((put, at) => (put ? [at] : []));
      expect(won).toHaveLength(1);
      expect(await store.objects.get('a/b')).toEqual(bytes(`${won[0]}`));
      expect(await store.objects.putIfAbsent('a/b', bytes('late'))).toBe(false);
    });

    it('replaces, reads, streams and deletes', async () => {
      await store.objects.put('x', bytes('one'));
      await store.objects.put('x', bytes('two'));
      expect(await store.objects.get('x')).toEqual(bytes('two'));
      expect(await store.objects.putStream('x', Readable.from([bytes('th'), bytes('ree')]))).toBe(5);
      expect(await buffer(await store.objects.getStream('x'))).toEqual(bytes('three'));
      expect(await store.objects.exists('x')).toBe(true);
      await store.objects.delete('x');
      await store.objects.delete('x');
      expect(await store.objects.exists('x')).toBe(false);
      await expect(store.objects.get('x')).rejects.toMatchObject({ code: 'ARTIFACT.NOT_FOUND' });
      await expect(store.objects.getStream('x')).rejects.toMatchObject({ code: 'ARTIFACT.NOT_FOUND' });
    });

    it('keeps what was there when a stream fails or is too long', async () => {
      await store.objects.put('x', bytes('kept'));
      const cut = Readable.from(chunksThen(new Error('cut')));
      await expect(store.objects.putStream('x', cut)).rejects.toThrow('cut');
      const long = Readable.from([Buffer.alloc(11)]);
      await expect(store.objects.putStream('x', long, { maxBytes: 10 })).rejects.toMatchObject({
        code: 'ARTIFACT.TOO_LARGE',
      });
      expect(await store.objects.get('x')).toEqual(bytes('kept'));
    });

    it('bounds what is read', async () => {
      await store.objects.put('x', bytes('12345'));
      await expect(store.objects.get('x', { maxBytes: 4 })).rejects.toMatchObject({
        code: 'ARTIFACT.TOO_LARGE',
      });
    });

    it('lists a folder by name, and no neighbour that shares its beginning', async () => {
      for (const path of ['t/_log/10', 't/_log/02', 't/part', 't2/part']) {
        await store.objects.put(path, bytes(path));
      }
      expect(await store.objects.list('t')).toEqual(['t/_log/02', 't/_log/10', 't/part']);
      expect(await store.objects.list('')).toEqual(['t/_log/02', 't/_log/10', 't/part', 't2/part']);
      expect(await store.objects.list('none')).toEqual([]);
    });

    it('refuses paths that could leave the store', async () => {
      for (const path of [
        '',
        '/etc/passwd',
        '../x',
        'a/../../x',
        'a//b',
        'a\\b',
        'a/.b',
        'a\0b',
        'a/',
        'é',
      ]) {
        await expect(store.objects.get(path)).rejects.toMatchObject({ code: 'ARTIFACT.INVALID_PATH' });
        await expect(store.objects.put(path, bytes('x'))).rejects.toMatchObject({
          code: 'ARTIFACT.INVALID_PATH',
        });
      }
    });

    it('names an object by a URL', () => {
      expect(new URL(store.objects.urlOf('a/b')).pathname.endsWith('a/b')).toBe(true);
    });
  });
}
