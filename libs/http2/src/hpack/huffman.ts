import { HpackError } from './hpack-error';

/** A code of RFC 7541, appendix B: its bits, right-aligned, and their number. */
export interface HuffmanCode {
  readonly bits: number;
  readonly length: number;
}

/** Lengths in bits of the codes of the octets 0 to 255 and of EOS (RFC 7541, appendix B). */
const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const EOS = 256;

/**
 * The code of each octet, and at 256 that of EOS (RFC 7541, appendix B). The code is canonical (section 5.2): shorter
 * codes come first, those of one length in the order of their symbols, so that the lengths say it all.
 */
export const HUFFMAN_CODES: readonly HuffmanCode[] = canonicalCodes(CODE_LENGTHS);

function canonicalCodes(lengths: readonly number[]): HuffmanCode[] {
  const codes: HuffmanCode[] = [];
  let bits = 0;
  for (let length = 1; length <= 30; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++)
      if (lengths[symbol] === length) codes[symbol] = { bits: bits++, length };
    bits *= 2;
  }
  return codes;
}

/** Leads an entry that ends a code. */
const LEAF = 0x8000;
/** Prefixes of 8, 16 or 24 bits with which longer codes begin, and the root. */
const TABLES = 15;

/**
 * Tables of 256 entries, each driven by the next 8 bits; the root is at 0. An entry is the place of the next table, where
 * the code goes on, or LEAF + (bits that the code takes of these 8 << 9) + symbol.
 */
const DECODING = decodingTables();

function decodingTables(): Uint16Array {
  const tables = new Uint16Array(TABLES * 256);
  let next = 256;
  for (const [symbol, { bits, length }] of HUFFMAN_CODES.entries()) {
    let table = 0;
    let left = length;
    for (; left > 8; left -= 8) {
      const at = table + ((bits >>> (left - 8)) & 0xff);
      if (tables[at] === 0) {
        tables[at] = next;
        next += 256;
      }
      table = tables[at]!;
    }
    const first = table + ((bits << (8 - left)) & 0xff);
    tables.fill(LEAF + (left << 9) + symbol, first, first + (1 << (8 - left)));
  }
  return tables;
}

/** Decoded octets of one string, before they become one. A code has at least 5 bits. */
const scratch = Buffer.allocUnsafeSlow(4096);
const mostOctets = (encoded: number) => Math.floor((encoded * 8) / 5);

/**
 * The string (latin1) that the octets from `start` to `end` encode (RFC 7541, section 5.2).
 *
 * @throws HpackError where EOS is within, or where the padding has more than 7 bits or is not the start of EOS (ones)
 */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string {
  const most = mostOctets(end - start);
  const out = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  let length = 0;
  let bits = 0; // the last `count` of these are still to be read; those before them are of no meaning
  let count = 0;
  let table = 0;
  for (let at = start; at < end; at++) {
    bits = (bits << 8) | bytes[at]!;
    count += 8;
    while (count >= 8) {
      const entry = DECODING[table + ((bits >>> (count - 8)) & 0xff)]!;
      if (entry < LEAF) {
        table = entry;
        count -= 8;
        continue;
      }
      const symbol = entry & 0x1ff;
      if (symbol === EOS) throw eosInside();
      out[length++] = symbol;
      count -= (entry >> 9) & 0xf;
      table = 0;
    }
  }
  // Fewer than 8 bits are left: filled up with ones, they begin with a code that they hold whole, or they are padding.
  while (count > 0) {
    const entry = DECODING[table + ((((bits << 8) | 0xff) >>> count) & 0xff)]!;
    const taken = (entry >> 9) & 0xf;
    if (entry < LEAF || taken > count) break;
    const symbol = entry & 0x1ff;
    if (symbol === EOS) throw eosInside();
    out[length++] = symbol;
    count -= taken;
    table = 0;
  }
  const padding = (1 << count) - 1;
  if (table !== 0 || (bits & padding) !== padding)
    throw new HpackError('The padding of a Huffman-coded string has more than 7 bits, or is not all ones.');
  return out.toString('latin1', 0, length);
}

const eosInside = () => new HpackError('A Huffman-coded string has EOS inside.');
