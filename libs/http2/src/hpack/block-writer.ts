import { HpackError } from './hpack-error';

/** Writes the primitive types of RFC 7541, section 5, one after the other. */
export class BlockWriter {
  private bytes = Buffer.allocUnsafe(512);
  private at = 0;

  /** An integer behind the bits `first`, `mask` being the largest value of its prefix (section 5.1). */
  integer(first: number, mask: number, value: number): void {
    this.reserve(6);
    if (value < mask) {
      this.bytes[this.at++] = first | value;
      return;
    }
    this.bytes[this.at++] = first | mask;
    let left = value - mask;
    for (; left >= 0x80; left >>>= 7) this.bytes[this.at++] = 0x80 | (left & 0x7f);
    this.bytes[this.at++] = left;
  }

  /**
   * A string of latin1, without Huffman code (section 5.2).
   *
   * @throws HpackError for what no value of HTTP may have (CR, LF, NUL) and what latin1 does not have
   */
  string(text: string): void {
    const { length } = text;
    this.integer(0, 0x7f, length);
    this.reserve(length);
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0 || code === 10 || code === 13)
        throw new HpackError('A header value has a CR, LF or NUL.');
      if (code > 0xff) throw new HpackError('A header value has a character above U+00FF.');
      bytes[at + i] = code;
    }
    this.at += length;
  }

  /** All that was written. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  private reserve(octets: number): void {
    const { length } = this.bytes;
    if (this.at + octets <= length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * length, this.at + octets));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }
}
