import { HpackError } from './hpack-error';
import { decodeHuffman } from './huffman';

/** Reads the primitive types of RFC 7541, section 5, from a block, one after the other. */
export class BlockReader {
  private at = 0;

  constructor(private readonly block: Buffer) {}

  get done(): boolean {
    return this.at >= this.block.length;
  }

  /** @throws HpackError at the end of the block */
  octet(): number {
    const octet = this.block[this.at++];
    if (octet === undefined) throw new HpackError('The block ends within a field.');
    return octet;
  }

  /**
   * An integer whose first octet was read already, `mask` being the largest value of its prefix (section 5.1). It takes
   * at most five octets, so that it is below 2^28 + 128.
   *
   * @throws HpackError for a longer one, or at the end of the block
   */
  integer(first: number, mask: number): number {
    let value = first & mask;
    if (value < mask) return value;
    for (let shift = 0; shift < 28; shift += 7) {
      const octet = this.octet();
      value += (octet & 0x7f) << shift;
      if (octet < 0x80) return value;
    }
    throw new HpackError('An integer takes more than five octets.');
  }

  /**
   * A string, its octets as latin1 (section 5.2).
   *
   * @throws HpackError where it is longer than what is left of the block, and as `decodeHuffman`
   */
  string(): string {
    const first = this.octet();
    const length = this.integer(first, 0x7f);
    const start = this.at;
    const end = start + length;
    if (end > this.block.length)
      throw new HpackError(`A string of ${length} octets is longer than what is left of the block.`);
    this.at = end;
    return first < 0x80 ? this.block.toString('latin1', start, end) : decodeHuffman(this.block, start, end);
  }
}
