import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { OutgoingRecord } from '../log-record';
import { pack, unpack } from './packed-records';

const place = { topic: 'steward.inference.prediction.v1', partition: 3 };
const record = (
  value: Buffer,
  key = 'p-1',
  headers: Record<string, string> = { ce_id: '1' },
): OutgoingRecord => ({
  ...place,
  key,
  headers,
  value,
});
const lengths = (...of: number[]) =>
  Buffer.concat(of.map((length) => Buffer.from(Uint32Array.of(length).buffer)));
const body = (...pieces: Buffer[]) =>
  Buffer.concat([Buffer.of(1), brotliCompressSync(Buffer.concat(pieces))]);

describe('packed records', () => {
  it('property: come out as they went in, with dense offsets up to that of the row', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            key: fc.string({ unit: 'binary' }),
            headers: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
              noNullPrototype: true,
            }),
            value: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        fc.nat(1_000_000),
        (parts, before) => {
          const records = parts.map(({ key, headers, value }) => record(value, key, headers));
          const offset = before + records.length - 1;
          expect(unpack({ ...place, offset, events: records.length, value: pack(records) })).toEqual(
            records.map((one, index) => ({ ...one, offset: before + index })),
          );
        },
      ),
    );
  });

  it('grow past the room that is kept for them', () => {
    const records = Array.from({ length: 300 }, (_, n) => record(Buffer.alloc(4_000, n)));
    const events = unpack({ ...place, offset: 299, events: 300, value: pack(records) });
    expect(events.every(({ value }, n) => value.equals(records[n]!.value))).toBe(true);
  });

  it('are a third of what they were where they repeat each other', () => {
    const columns = Array.from({ length: 20 }, (_, column) => `column-${column}=`).join('');
    const records = Array.from({ length: 100 }, (_, n) => record(Buffer.from(`${columns}${n}`)));
    const before = records.reduce((sum, { value }) => sum + value.length, 0);
    expect(pack(records).length).toBeLessThan(before / 3);
  });

  const whole = [record(Buffer.from('abc')), record(Buffer.from('def'))];
  it.each([
    ['a format of another time', Buffer.concat([Buffer.of(2), pack(whole).subarray(1)]), 2],
    ['nothing', Buffer.alloc(0), 2],
    ['bytes that are not compressed', Buffer.from('\u0001nonsense'), 2],
    ['half of it', pack(whole).subarray(0, 20), 2],
    ['fewer events than the row says', pack(whole), 3],
    ['more events than the row says', pack(whole), 1],
    ['a length that lies', body(lengths(1, 2, 4_000_000_000), Buffer.from('k{}v')), 1],
    ['headers that are no JSON', body(lengths(1, 2, 1), Buffer.from('k{]v')), 1],
    [
      'more than any batch holds',
      body(lengths(1, 2, 70_000_000), Buffer.from('k{}'), Buffer.alloc(70_000_000)),
      1,
    ],
  ])('that hold %s become events that no consumer takes for one, and nothing is lost', (_, value, events) => {
    const unpacked = unpack({ ...place, offset: 10, events, value });
    expect(unpacked.map(({ offset }) => offset)).toEqual(
      Array.from({ length: events }, (_, index) => 10 - events + 1 + index),
    );
    expect(unpacked.every(({ key, headers }) => key === null && Object.keys(headers).length === 0)).toBe(
      true,
    );
    expect(unpacked[0]!.value).toEqual(value);
  });
});
