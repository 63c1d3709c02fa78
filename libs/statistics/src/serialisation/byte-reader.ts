import { errors, type AppError } from '@steward/kernel';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads what {@link ByteWriter} wrote. Every read checks that the bytes are there. */
export class ByteReader {
  readonly #view: DataView;
  #offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.bytes[this.#take(1)]!;
  }

  integer(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.damaged('an integer beyond 2^53');
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** An integer that must not be above `limit`: a length, before anything is allocated for it. */
  length(limit: number): number {
    const length = this.integer();
    if (length > limit) throw this.damaged(`a length of ${length}, above ${limit}`);
    return length;
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  take(length: number): Uint8Array {
    const from = this.#take(length);
    return this.bytes.slice(from, from + length);
  }

  text(): string {
    const bytes = this.take(this.integer());
    try {
      return decoder.decode(bytes);
    } catch {
      throw this.damaged('text that is not UTF-8');
    }
  }

  /** Refuses bytes that nobody has read. */
  end(): void {
    if (this.#offset !== this.bytes.length)
      throw this.damaged(`${this.bytes.length - this.#offset} bytes too many`);
  }

  damaged(what: string): AppError {
    return errors.invalid(
      'STATISTICS.DAMAGED_PROFILE',
      `The serialised profile is damaged near byte ${this.#offset}: ${what}.`,
      { details: { offset: this.#offset, length: this.bytes.length } },
    );
  }

  #take(length: number): number {
    const from = this.#offset;
    if (from + length > this.bytes.length) throw this.damaged('it ends too early');
    this.#offset += length;
    return from;
  }
}
