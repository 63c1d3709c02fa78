import * as fc from 'fast-check';
import { encodeHeaders, type HeadersToSend } from './encode-headers';
import { HpackDecoder } from './hpack-decoder';
import { HpackError } from './hpack-error';

const hex = (headers: HeadersToSend) => encodeHeaders(headers).toString('hex');
const decoded = (headers: HeadersToSend) => new HpackDecoder().decode(encodeHeaders(headers));
const text = (value: string) => Buffer.from(value).toString('hex');

describe('encodeHeaders', () => {
  it('indexes fields of the static table', () => {
    expect(hex({ ':status': 200 })).toBe('88');
    expect(hex({ ':method': 'POST', ':path': '/', 'accept-encoding': 'gzip, deflate' })).toBe('838490');
  });

  it('takes names from the static table, and writes all else', () => {
    expect(hex({ 'content-type': 'text' })).toBe(`0f1004${text('text')}`);
    expect(hex({ ':status': 418 })).toBe(`0803${text('418')}`);
    expect(hex({ 'grpc-status': 0 })).toBe(`000b${text('grpc-status')}01${text('0')}`);
  });

  it('writes pseudo-headers first, names in lower case, arrays as fields, and nothing for undefined', () => {
    expect(
      decoded({ 'X-A': ['1', '2'], b: undefined, c: [], 'Set-Cookie': ['x', 'y'], ':status': 503 }),
    ).toEqual([':status', '503', 'x-a', '1', 'x-a', '2', 'set-cookie', 'x', 'set-cookie', 'y']);
    expect(encodeHeaders({})).toHaveLength(0);
  });

  it('writes values of any length, as latin1', () => {
    for (const length of [0, 126, 127, 128, 254, 255, 511, 5000, 100_000]) {
      const value = 'ÿ'.repeat(length);
      const name = 'n'.repeat(1 + length);
      const list = new HpackDecoder(4096, 1_000_000).decode(encodeHeaders({ a: value, [name]: 'b' }));
      expect(list).toEqual(['a', value, name, 'b']);
    }
  });

  it.each(['', ':', '::status', 'a b', 'a:', 'a\r', 'a\n', 'a\0', 'é', 'a"', '\u212a', '{}'])(
    'refuses %j as a name',
    (name) => {
      expect(() => encodeHeaders({ [name]: 'x' })).toThrow(HpackError);
      expect(() => encodeHeaders({ [name]: 'x' })).toThrow('is not a name of a header.');
    },
  );

  it.each(['\r', '\n', '\0'])('refuses a value with %j', (character) => {
    for (const value of [character, `a${character}`, `${character}a`])
      for (const each of [value, ['fine', value]])
        for (const name of ['x', 'content-type'])
          expect(() => encodeHeaders({ [name]: each })).toThrow(
            new HpackError('A header value has a CR, LF or NUL.'),
          );
  });

  it('refuses a value above latin1', () => {
    // 0x010a would be a line feed, were it cut to its low octet.
    for (const value of ['\u0100', 'a\u010a', '\ud83d\ude00'])
      expect(() => encodeHeaders({ a: value })).toThrow(
        new HpackError('A header value has a character above U+00FF.'),
      );
  });

  it('is decoded to what it was, and leaves the dynamic table alone', () => {
    const name = fc.oneof(
      fc.constantFrom(':status', ':path', 'Content-Type', 'accept-encoding', 'grpc-message'),
      fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/).filter((each) => each !== '__proto__'),
    );
    const character = fc.integer({ min: 1, max: 0xff }).filter((code) => code !== 10 && code !== 13);
    const value = fc.oneof(
      fc.constantFrom('200', '/', 'gzip, deflate', ''),
      fc.array(character, { maxLength: 150 }).map((codes) => String.fromCharCode(...codes)),
    );
    const headers = fc.dictionary(
      name,
      fc.oneof(value, fc.nat(), fc.array(value, { maxLength: 3 }), fc.constant(undefined)),
    );
    fc.assert(
      fc.property(headers, (each) => {
        const fields = Object.entries(each).flatMap(([key, values]) =>
          [values ?? []].flat().map((one) => [key.toLowerCase(), String(one)]),
        );
        const isPseudo = ([key]: string[]) => key!.startsWith(':');
        const decoder = new HpackDecoder();
        expect(decoder.decode(encodeHeaders(each))).toEqual([
          ...fields.filter(isPseudo).flat(),
          ...fields.filter((field) => !isPseudo(field)).flat(),
        ]);
        expect(decoder.tableBytes).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
