import { randomBytes } from 'node:crypto';
import { deriveKey, seal, sealChunks, unseal, unsealChunks } from './sealed';

const key = randomBytes(32);
async function* chunksOf(bytes: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

describe('sealed bytes', () => {
  it('open with their key and context and nothing else', () => {
    const sealed = seal(key, Buffer.from('A-000328'), 'here');
    expect(unseal(key, sealed, 'here').toString()).toBe('A-000328');
    expect(sealed.includes('A-000328')).toBe(false);
    expect(seal(key, Buffer.from('A-000328'), 'here').equals(sealed)).toBe(false);
    const changed = Buffer.from(sealed);
    changed[15]! ^= 1;
    for (const open of [
      () => unseal(key, sealed, 'there'),
      () => unseal(randomBytes(32), sealed, 'here'),
      () => unseal(key, changed, 'here'),
      () => unseal(key, sealed.subarray(0, 20), 'here'),
    ]) {
      expect(open).toThrow(expect.objectContaining({ code: 'INGESTION.SEAL_BROKEN' }));
    }
  });

  it('are the same in pieces of any size, and a cut or changed end is noticed', async () => {
    for (const size of [0, 1, 16, 1000]) {
      const plain = randomBytes(size);
      const sealed = await whole(sealChunks(key, chunksOf(plain, 7), 'c'));
      expect(unseal(key, sealed, 'c').equals(plain)).toBe(true);
      for (const step of [1, 5, 4096]) {
        expect((await whole(unsealChunks(key, chunksOf(sealed, step), 'c'))).equals(plain)).toBe(true);
      }
      const cut = whole(unsealChunks(key, chunksOf(sealed.subarray(0, -1), 64), 'c'));
      await expect(cut).rejects.toMatchObject({ code: 'INGESTION.SEAL_BROKEN' });
    }
  });

  it('have keys of their own for each purpose', () => {
    expect(deriveKey(key, 'a').equals(deriveKey(key, 'b'))).toBe(false);
    expect(deriveKey(key, 'a').equals(deriveKey(key, 'a'))).toBe(true);
  });
});
