const FIRST_BYTES = 64 * 1024;
/** Up to here a loop over the characters is faster than the call into native code. */
const SHORT_TEXT = 48;
/** From here on numbers are copied as the bytes that they are. */
const MANY_NUMBERS = 32;

/**
 * Writes protobuf fields into one buffer that is used again and again; {@link copy} gives what was written. For messages
 * that are written thousands of times a second: nothing is allocated but the result. (`length`, here and where a request's
 * bytes are read: V8 11 calls a function for `byteLength`, ten times as long.)
 */
export class ScratchWriter {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  private at = 0;

  /** @param headroom bytes that {@link copy} leaves in front, for the caller to fill */
  reset(headroom = 0): void {
    this.at = headroom;
  }

  /** The bytes written since {@link reset}, where they are: until the next one. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  /** The same in a buffer of their own. */
  copy(): Buffer {
    const result = Buffer.allocUnsafe(this.at);
    this.bytes.copy(result, 0, 0, this.at);
    return result;
  }

  /** Unsigned, below 2^53. */
  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
  }

  text(tag: number, value: string): void {
    this.varint(tag);
    const { length } = value;
    // The length in front is written when the text is: for short ASCII it is one byte and known.
    if (length <= SHORT_TEXT && this.ascii(value)) return;
    const size = Buffer.byteLength(value);
    this.varint(size);
    this.reserve(size);
    this.bytes.write(value, this.at, size, 'utf8');
    this.at += size;
  }

  /** A text behind its length in four bytes, little-endian, as raw tensors hold texts. */
  sizedText(value: string): void {
    const { length } = value;
    if (length <= SHORT_TEXT) {
      // As `text` writes it, three bytes further: those of the length that are zero.
      this.reserve(3);
      this.at += 3;
      if (this.ascii(value)) {
        this.view.setUint32(this.at - length - 4, length, true);
        return;
      }
      this.at -= 3;
    }
    const most = value.length * 3;
    this.reserve(4 + most);
    const size = this.bytes.write(value, this.at + 4, most, 'utf8');
    this.view.setUint32(this.at, size, true);
    this.at += 4 + size;
  }

  raw(tag: number, value: Uint8Array): void {
    this.varint(tag);
    this.varint(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /** Bytes that are fields already. */
  fields(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Packed doubles, of `values` from one index to before another. */
  doubles(tag: number, values: ArrayLike<number>, from = 0, to = values.length): void {
    const size = (to - from) * 8;
    this.varint(tag);
    this.varint(size);
    this.reserve(size);
    if (to - from >= MANY_NUMBERS && values instanceof Float64Array) {
      // Every platform that Node.js runs on is little-endian.
      this.bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * 8, size), this.at);
      this.at += size;
      return;
    }
    for (let index = from; index < to; index++) {
      this.view.setFloat64(this.at, values[index]!, true);
      this.at += 8;
    }
  }

  /** Packed doubles of every `step`-th value: a column of a table that lies row by row. */
  everyDouble(tag: number, values: Float64Array, first: number, step: number, count: number): void {
    const size = count * 8;
    this.varint(tag);
    this.varint(size);
    this.reserve(size);
    const { view } = this;
    let { at } = this;
    for (let index = first, end = first + count * step; index < end; index += step, at += 8)
      view.setFloat64(at, values[index]!, true);
    this.at = at;
  }

  /** Packed varints. */
  varints(tag: number, values: readonly number[]): void {
    const start = this.begin(tag);
    for (const value of values) this.varint(value);
    this.end(start);
  }

  /** Opens a message inside; give the result to {@link end}. */
  begin(tag: number): number {
    this.varint(tag);
    // One byte for the length, as most have; a longer one moves what was written.
    this.reserve(1);
    return ++this.at;
  }

  end(start: number): void {
    const size = this.at - start;
    let extra = 0;
    for (let rest = size; rest > 0x7f; rest = Math.floor(rest / 0x80)) extra++;
    if (extra > 0) {
      this.reserve(extra);
      this.bytes.copyWithin(start + extra, start, this.at);
    }
    this.at = start - 1;
    this.varint(size);
    this.at += size;
  }

  private ascii(value: string): boolean {
    this.reserve(SHORT_TEXT + 1);
    const { bytes, at } = this;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at + 1 + index] = code;
    }
    bytes[at] = value.length;
    this.at = at + 1 + value.length;
    return true;
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }
}
