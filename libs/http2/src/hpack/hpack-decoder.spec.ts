import * as fc from 'fast-check';
import { encodeHeaders } from './encode-headers';
import { HpackDecoder } from './hpack-decoder';
import { HpackError } from './hpack-error';
import { PlainEncoder, plainInteger, plainString, type Step } from './plain-encoder.factory';
import { STATIC_TABLE } from './static-table';

const block = (...parts: (number | readonly number[])[]) => Buffer.from(parts.flat());
/** A literal with a new name. */
const literal = (first: number, name: string, value: string) =>
  block(first, plainString(name), plainString(value));
const add = (name: string, value: string) => literal(0x40, name, value);
const resize = (limit: number) => plainInteger(0x20, 0x1f, limit);
const NEWEST = block(0x80 | 62);

describe('HpackDecoder', () => {
  it('knows the static table', () => {
    expect(STATIC_TABLE).toHaveLength(61);
    for (const [at, field] of STATIC_TABLE.entries())
      expect(new HpackDecoder().decode(block(0x80 | (at + 1)))).toEqual(field);
  });

  it('decodes an empty block', () => {
    expect(new HpackDecoder().decode(block())).toEqual([]);
  });

  it('keeps nothing of the memory of a block', () => {
    const decoder = new HpackDecoder();
    const bytes = add('name', 'value');
    const list = decoder.decode(bytes);
    bytes.fill(0);
    expect(list).toEqual(['name', 'value']);
    expect(decoder.decode(NEWEST)).toEqual(['name', 'value']);
  });

  describe('refuses', () => {
    it.each<[string, Buffer, string]>([
      ['index 0', block(0x80), 'Index 0 is not in use.'],
      ['an index beyond the static table', block(0x80 | 62), 'Index 62 is beyond the tables.'],
      ['a far index', block(0xff, 0xff, 0xff, 0xff, 0x7f), 'Index 268435582 is beyond the tables.'],
      ['the name of an index beyond', block(0x7f, 0x00, 0x00), 'Index 63 is beyond the tables.'],
      ['the same without indexing', block(0x0f, 0x30, 0x00), 'Index 63 is beyond the tables.'],
      [
        'an integer of six octets',
        block(0xff, 0x80, 0x80, 0x80, 0x80, 0x00),
        'An integer takes more than five octets.',
      ],
      [
        'an integer that overflows',
        block(0xff, ...Buffer.alloc(40, 0xff)),
        'An integer takes more than five octets.',
      ],
      [
        'a length of six octets',
        block(0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f),
        'An integer takes more than five octets.',
      ],
      ['an integer that breaks off', block(0xff, 0x80), 'The block ends within a field.'],
      ['a literal without a name', block(0x40), 'The block ends within a field.'],
      ['a literal without a value', block(0x40, 0x01, 0x61), 'The block ends within a field.'],
      ['a length that breaks off', block(0x41, 0x7f), 'The block ends within a field.'],
      [
        'a string that is too long',
        block(0x41, 0x02, 0x61),
        'A string of 2 octets is longer than what is left of the block.',
      ],
      [
        'a coded string that is too long',
        block(0x41, 0x82, 0x07),
        'A string of 2 octets is longer than what is left of the block.',
      ],
      [
        'padding of zeros',
        block(0x41, 0x81, 0x18),
        'The padding of a Huffman-coded string has more than 7 bits, or is not all ones.',
      ],
      [
        'padding of an octet',
        block(0x41, 0x82, 0x1f, 0xff),
        'The padding of a Huffman-coded string has more than 7 bits, or is not all ones.',
      ],
      ['EOS', block(0x41, 0x84, 0xff, 0xff, 0xff, 0xff), 'A Huffman-coded string has EOS inside.'],
      [
        'a larger table',
        block(resize(4097)),
        'A dynamic table of 4097 bytes was asked for, at most 4096 are allowed.',
      ],
      [
        'a size update after a field',
        block(0x82, resize(0)),
        'A dynamic table size update comes after a field.',
      ],
    ])('%s', (_, bytes, message) => {
      expect(() => new HpackDecoder().decode(bytes)).toThrow(new HpackError(message));
      expect(() => new HpackDecoder().decode(bytes)).toThrow(HpackError);
    });

    it('nothing else of random bytes, whatever they are', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (blocks) => {
          const decoder = new HpackDecoder();
          try {
            for (const each of blocks) {
              expect(decoder.decode(Buffer.from(each)).length % 2).toBe(0);
              expect(decoder.tableBytes).toBeLessThanOrEqual(4096);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(HpackError);
          }
        }),
        { numRuns: 500 },
      );
    });
  });

  it('takes integers of five octets, and zeros at their end', () => {
    expect(new HpackDecoder().decode(block(0x3f, 0xe1, 0x9f, 0x80, 0x00))).toEqual([]);
    expect(
      new HpackDecoder().decode(block(0x01, 0x7f, 0x81, 0x80, 0x80, 0x00, ...Buffer.alloc(128, 0x61))),
    ).toEqual([':authority', 'a'.repeat(128)]);
  });

  describe('its dynamic table', () => {
    it('is bounded, and an entry larger than it empties it', () => {
      const decoder = new HpackDecoder(100);
      decoder.decode(add('a', '1')); // 34 bytes
      decoder.decode(add('b', '2'));
      expect(decoder.tableBytes).toBe(68);
      decoder.decode(add('c', '3'));
      expect(decoder.tableBytes).toBe(68);
      expect(decoder.decode(block(0x80 | 62, 0x80 | 63))).toEqual(['c', '3', 'b', '2']);
      decoder.decode(add('whole', 'x'.repeat(63)));
      expect(decoder.tableBytes).toBe(100);
      expect(decoder.decode(add('too', 'x'.repeat(66)))).toEqual(['too', 'x'.repeat(66)]);
      expect(decoder.tableBytes).toBe(0);
      expect(() => decoder.decode(NEWEST)).toThrow('beyond the tables');
    });

    it('may give its name to the very entry that evicts it', () => {
      const decoder = new HpackDecoder(64);
      decoder.decode(add('name', '1'));
      expect(decoder.decode(block(0x40 | 62, plainString('2')))).toEqual(['name', '2']);
      expect(decoder.decode(NEWEST)).toEqual(['name', '2']);
    });

    it('holds entries of nothing but their overhead', () => {
      const decoder = new HpackDecoder(96);
      for (let i = 0; i < 10; i++) decoder.decode(add('', ''));
      expect(decoder.tableBytes).toBe(96);
      expect(decoder.decode(block(0x80 | 64))).toEqual(['', '']);
    });

    it('follows size updates, several at the start of a block', () => {
      const decoder = new HpackDecoder();
      decoder.decode(block(...add('a', '1'), ...add('b', '2')));
      decoder.decode(block(resize(40)));
      expect(decoder.tableBytes).toBe(34);
      expect(decoder.decode(NEWEST)).toEqual(['b', '2']);
      decoder.decode(block(resize(0), resize(4096), 0x82));
      expect(decoder.tableBytes).toBe(0);
      decoder.decode(block(resize(0), ...add('c', '3')));
      expect(decoder.tableBytes).toBe(0);
    });

    it('begins with 4096 bytes where more are allowed', () => {
      const decoder = new HpackDecoder(100_000, 1_000_000);
      decoder.decode(add('a', 'x'.repeat(4096)));
      expect(decoder.tableBytes).toBe(0);
      decoder.decode(block(resize(100_000), ...add('a', 'x'.repeat(4096))));
      expect(decoder.tableBytes).toBe(4096 + 33);
    });
  });

  describe('a list that is too large', () => {
    it('ends at the bound, and the table stays in step', () => {
      const decoder = new HpackDecoder(4096, 100);
      const list = decoder.decode(
        block(...add('a', '1'), ...add('b', '2'), ...add('c', '3'), ...add('d', '4')),
      );
      expect(decoder.tooLarge).toBe(true);
      expect(list).toEqual(['a', '1', 'b', '2']);
      expect(decoder.decode(NEWEST)).toEqual(['d', '4']);
      expect(decoder.tooLarge).toBe(false);
      expect(decoder.tableBytes).toBe(4 * 34);
    });

    it('is allowed up to the very bound', () => {
      const decoder = new HpackDecoder(4096, 100);
      expect(decoder.decode(literal(0, 'a', 'x'.repeat(67)))).toHaveLength(2);
      expect(decoder.tooLarge).toBe(false);
      expect(decoder.decode(literal(0, 'a', 'x'.repeat(68)))).toHaveLength(0);
      expect(decoder.tooLarge).toBe(true);
    });

    it('is said of the last block, the memo and errors included', () => {
      const decoder = new HpackDecoder(4096, 100);
      const large = literal(0, 'a', 'x'.repeat(68));
      const small = block(0x82);
      for (const bytes of [large, small, large, small, large, large]) {
        decoder.decode(bytes);
        expect(decoder.tooLarge).toBe(bytes === large);
      }
      expect(() => decoder.decode(block(0x80))).toThrow(HpackError);
      expect(decoder.tooLarge).toBe(false);
    });
  });

  describe('its memo', () => {
    const request = (path: string) => encodeHeaders({ ':method': 'POST', ':path': path, te: 'trailers' });

    it('gives the very list for the same bytes', () => {
      const decoder = new HpackDecoder();
      const list = decoder.decode(request('/a'));
      expect(decoder.decode(request('/a'))).toBe(list);
      expect(decoder.decode(request('/b'))).not.toBe(list);
      expect(decoder.decode(request('/b'))[3]).toBe('/b');
      expect(decoder.decode(request('/a'))).toBe(list);
    });

    it('has its own copy of the bytes', () => {
      const decoder = new HpackDecoder();
      const bytes = request('/a');
      const list = decoder.decode(bytes);
      bytes.set(request('/b'));
      expect(decoder.decode(bytes)[3]).toBe('/b');
      expect(decoder.decode(request('/a'))).toBe(list);
    });

    it('tells blocks apart by each octet', () => {
      const decoder = new HpackDecoder();
      const value = 'v'.repeat(9);
      const bytes = literal(0, 'name', value);
      const list = decoder.decode(bytes);
      for (let at = 0; at < value.length; at++) {
        const other = Buffer.from(bytes);
        other[bytes.length - 1 - at]! ^= 1;
        expect(decoder.decode(other)).not.toEqual(list);
      }
    });

    it('remembers eight blocks, the oldest makes room', () => {
      const decoder = new HpackDecoder();
      const lists = Array.from({ length: 8 }, (_, i) => decoder.decode(request(`/${i}`)));
      for (const [i, list] of lists.entries()) expect(decoder.decode(request(`/${i}`))).toBe(list);
      decoder.decode(request('/8'));
      for (const [i, list] of lists.entries()) if (i > 0) expect(decoder.decode(request(`/${i}`))).toBe(list);
      expect(decoder.decode(request('/0'))).not.toBe(lists[0]);
    });

    it.each<[string, Buffer]>([
      ['an insertion', add('c', '3')],
      ['an eviction', add('c', 'x'.repeat(5000))],
      ['a size update', block(resize(4000))],
    ])('forgets with %s', (_, change) => {
      const decoder = new HpackDecoder();
      decoder.decode(add('a', '1'));
      const list = decoder.decode(block(0x82));
      expect(decoder.decode(block(0x82))).toBe(list);
      decoder.decode(change);
      const later = decoder.decode(block(0x82));
      expect(later).not.toBe(list);
      expect(later).toEqual(list);
      expect(decoder.decode(block(0x82))).toBe(later);
    });

    it('reads an index anew after the table has changed', () => {
      const decoder = new HpackDecoder();
      for (const value of ['1', '2', '3']) {
        decoder.decode(add('a', value));
        for (let i = 0; i < 2; i++) expect(decoder.decode(NEWEST)).toEqual(['a', value]);
      }
    });

    it('keeps no block that changes the table', () => {
      const decoder = new HpackDecoder();
      const bytes = add('a', '1');
      const list = decoder.decode(bytes);
      expect(decoder.decode(bytes)).not.toBe(list);
      expect(decoder.tableBytes).toBe(68);
    });

    it('keeps blocks of 512 bytes, none that is longer, none that was too large', () => {
      const decoder = new HpackDecoder(4096, 600);
      const of = (bytes: number) => literal(0, 'a', 'x'.repeat(bytes - 6));
      for (const [bytes, kept] of [
        [511, true],
        [512, true],
        [513, false],
        [570, false],
      ] as const) {
        expect(of(bytes)).toHaveLength(bytes);
        expect(decoder.decode(of(bytes)) === decoder.decode(of(bytes))).toBe(kept);
      }
      const small = new HpackDecoder(4096, 50);
      expect(small.decode(of(100))).not.toBe(small.decode(of(100)));
    });
  });

  it('stays in step with any encoder', () => {
    const text = fc.oneof(
      fc.constantFrom('', 'a', 'te', 'grpc-timeout', '99999u'),
      fc.uint8Array({ maxLength: 120 }).map((octets) => Buffer.from(octets).toString('latin1')),
    );
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constant('indexed' as const), index: fc.nat(90) }),
      fc.record({
        kind: fc.constant('literal' as const),
        indexing: fc.constantFrom('incremental', 'without', 'never'),
        name: fc.oneof(text, fc.nat(90)),
        value: text,
        huffman: fc.boolean(),
      }),
    );
    const limit = fc.option(fc.constantFrom(0, 33, 64, 200, 1000), { nil: undefined, freq: 4 });
    const blocks = fc.array(fc.record({ steps: fc.array(step, { maxLength: 8 }), limit }), { maxLength: 12 });
    fc.assert(
      fc.property(blocks, (all) => {
        const encoder = new PlainEncoder(1000);
        const decoder = new HpackDecoder(1000);
        // Each one three times: the second may change the table again, the third may come from the memo.
        for (const { steps, limit } of all)
          for (let time = 0; time < 3; time++) {
            const { block, fields } = encoder.encode(steps, time === 0 ? limit : undefined);
            expect(decoder.decode(block)).toEqual(fields);
            expect(decoder.tableBytes).toBe(encoder.bytes);
          }
      }),
      { numRuns: 200 },
    );
  });
});
