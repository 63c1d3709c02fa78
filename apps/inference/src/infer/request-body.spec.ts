import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import { busyTurns } from '@steward/testing';
import { readBody } from './request-body';

const LIMIT = 16 * 1024 * 1024;

const requestOf = (body: Buffer, encoding?: string): IncomingMessage =>
  Object.assign(Readable.from([body]), {
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
  }) as never;

describe('the body of a request', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('is unpacked from %s, up to its limit', async (encoding, pack) => {
    for (const body of [Buffer.alloc(0), Buffer.from('{}'), Buffer.alloc(LIMIT, 'ab')])
      expect((await readBody(requestOf(pack(body), encoding), LIMIT)).equals(body)).toBe(true);
    await expect(readBody(requestOf(pack(Buffer.alloc(LIMIT + 1)), encoding), LIMIT)).rejects.toMatchObject({
      code: 'INFERENCE.BODY_TOO_LARGE',
    });
  });

  it('is unpacked in few turns of a busy event loop, whether it is taken or refused', async () => {
    const largest = gzipSync(Buffer.alloc(LIMIT));
    expect(await busyTurns(() => readBody(requestOf(largest, 'gzip'), LIMIT))).toBeLessThan(100);
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const refused = (): Promise<void> =>
      expect(readBody(requestOf(bomb, 'gzip'), LIMIT)).rejects.toMatchObject({
        code: 'INFERENCE.BODY_TOO_LARGE',
      });
    expect(await busyTurns(refused)).toBeLessThan(100);
  });

  it.each([
    ['what is no gzip', Buffer.from('nonsense'), 'gzip', 'INFERENCE.ENCODING_INVALID'],
    [
      'half of a gzip stream',
      gzipSync(Buffer.from('hello')).subarray(0, 12),
      'gzip',
      'INFERENCE.ENCODING_INVALID',
    ],
    ['an encoding that nobody knows', Buffer.from('x'), 'br', 'INFERENCE.ENCODING_UNKNOWN'],
  ])('is refused where it is %s', async (_name, body, encoding, code) => {
    await expect(readBody(requestOf(body, encoding), LIMIT)).rejects.toMatchObject({ code });
  });
});
