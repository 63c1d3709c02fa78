import * as fc from 'fast-check';
import { HpackError } from './hpack-error';
import { decodeHuffman, HUFFMAN_CODES } from './huffman';
import { bitsToBuffer, huffmanEncode, RFC_CODES } from './huffman-encode.factory';

const decode = (encoded: Buffer) => decodeHuffman(encoded, 0, encoded.length);
const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');
const code = (octet: number) =>
  HUFFMAN_CODES[octet]!.bits.toString(2).padStart(HUFFMAN_CODES[octet]!.length, '0');
/** The bits, with ones up to the next whole octet, and `more` octets of ones. */
const padded = (bits: string, more = 0) =>
  bitsToBuffer(bits.padEnd((Math.ceil(bits.length / 8) + more) * 8, '1'));

const SYMBOLS = new Map(RFC_CODES.map((_, symbol) => [code(symbol), symbol]));

/** RFC 7541, section 5.2, bit by bit; undefined for what it forbids. */
function plainDecode(encoded: Buffer): string | undefined {
  let text = '';
  let rest = '';
  for (const bit of [...encoded].map((octet) => octet.toString(2).padStart(8, '0')).join('')) {
    rest += bit;
    const symbol = SYMBOLS.get(rest);
    if (symbol === 256) return undefined;
    if (symbol === undefined) continue;
    text += String.fromCharCode(symbol);
    rest = '';
  }
  return rest.length < 8 && !rest.includes('0') ? text : undefined;
}

const PADDING = new HpackError(
  'The padding of a Huffman-coded string has more than 7 bits, or is not all ones.',
);
const END_OF_STRING = new HpackError('A Huffman-coded string has EOS inside.');

describe('decodeHuffman', () => {
  it('derives the very codes of the RFC from their lengths', () => {
    expect(HUFFMAN_CODES.map(({ bits }) => bits)).toEqual(RFC_CODES);
  });

  it.each([
    ['f1e3c2e5f23a6ba0ab90f4ff', 'www.example.com'],
    ['a8eb10649cbf', 'no-cache'],
    ['6402', '302'],
    ['640eff', '307'],
    ['d07abe941054d444a8200595040b8166e082a62d1bff', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['9bd9ab', 'gzip'],
    ['', ''],
  ])('decodes %s', (hex, text) => {
    expect(decode(Buffer.from(hex, 'hex'))).toBe(text);
    expect(huffmanEncode(Buffer.from(text, 'latin1')).toString('hex')).toBe(hex);
  });

  it('decodes each octet, alone and among all others', () => {
    const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    for (const octet of all)
      expect(decode(huffmanEncode(Uint8Array.of(octet)))).toBe(latin1(all.subarray(octet, octet + 1)));
    expect(decode(huffmanEncode(all))).toBe(latin1(all));
  });

  it('decodes whatever was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect(decode(huffmanEncode(octets))).toBe(latin1(octets));
      }),
    );
  });

  it('decodes a string of many octets', () => {
    const octets = Buffer.from('e'.repeat(20_001));
    expect(decode(huffmanEncode(octets))).toBe(octets.toString());
  });

  it('reads the given octets only', () => {
    const encoded = huffmanEncode(Buffer.from('trailers'));
    const around = Buffer.concat([Buffer.of(0xff), encoded, Buffer.of(0xff)]);
    expect(decodeHuffman(around, 1, 1 + encoded.length)).toBe('trailers');
  });

  it('takes up to 7 ones as padding', () => {
    for (const text of ['a', 'aa', 'aaa', '0:', 'a:', '::', ':::', '&']) {
      const bits = [...Buffer.from(text)].map(code).join('');
      expect(decode(padded(bits))).toBe(text);
    }
  });

  it('refuses a zero in the padding', () => {
    for (const [text, padding] of [
      ['a', '110'],
      ['a', '101'],
      ['a', '011'],
      ['%', '10'],
      [':', '0'],
    ] as const)
      expect(() => decode(bitsToBuffer(code(text.charCodeAt(0)) + padding))).toThrow(PADDING);
  });

  it('refuses more padding', () => {
    for (const text of ['', 'a', 'aa', 'a:', '&', 'aaaaaaaa'])
      for (const more of [1, 2, 3]) {
        const bits = [...Buffer.from(text)].map(code).join('');
        const eos = more === 3 && padded(bits).length * 8 - bits.length >= 6;
        expect(() => decode(padded(bits, more))).toThrow(eos ? END_OF_STRING : PADDING);
      }
  });

  it('refuses a code that breaks off', () => {
    for (const octet of [0, 10, 92, 128, 255]) {
      const bits = code(octet);
      expect(() => decode(bitsToBuffer(bits.slice(0, 8 * Math.floor((bits.length - 1) / 8))))).toThrow(
        PADDING,
      );
    }
  });

  it('refuses EOS', () => {
    const eos = code(256);
    expect(eos).toBe('1'.repeat(30));
    expect(() => decode(padded(eos))).toThrow(END_OF_STRING);
    expect(() => decode(padded(code(97) + eos + code(97)))).toThrow(END_OF_STRING);
    expect(() => decode(Buffer.alloc(100, 0xff))).toThrow(END_OF_STRING);
  });

  it('takes and refuses what a plain reader of bits takes and refuses', () => {
    const tried = (encoded: Buffer) => {
      try {
        return decode(encoded);
      } catch {
        return undefined;
      }
    };
    const wrong: string[] = [];
    for (let pair = 0; pair < 65_536; pair++) {
      const encoded = Buffer.of(pair >> 8, pair & 0xff);
      if (tried(encoded) !== plainDecode(encoded)) wrong.push(encoded.toString('hex'));
    }
    expect(wrong).toEqual([]);

    const octet = fc.oneof(fc.constant(0xff), fc.integer({ min: 0xf0, max: 0xff }), fc.nat(0xff));
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 20 }), (octets) => {
        const encoded = Buffer.from(octets);
        expect(tried(encoded)).toBe(plainDecode(encoded));
      }),
      { numRuns: 2000 },
    );
  });
});
