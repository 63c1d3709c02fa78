import { HpackError } from './hpack-error';
import { STATIC_TABLE } from './static-table';

/** What a field counts besides its name and value (RFC 7541, section 4.1; RFC 9113, section 6.5.2). */
export const FIELD_OVERHEAD = 32;

/** Size of the dynamic table before any update (SETTINGS_HEADER_TABLE_SIZE; RFC 9113, section 6.5.2). */
const INITIAL_BYTES = 4096;
const DYNAMIC_START = 1 + STATIC_TABLE.length;

/**
 * The static and the dynamic table in one index address space (RFC 7541, section 2.3.3). An entry lies in a slot of
 * `names` and `values`: the static ones at their index, behind them the dynamic ones as a ring.
 */
export class HeaderTable {
  readonly names: string[];
  readonly values: string[];
  /** Rises with every insertion, eviction and size update: at the same generation, the same indexes mean the same. */
  generation = 0;
  /** Bytes of the dynamic table in use (section 4.1). */
  bytes = 0;
  private limit: number;
  private readonly mask: number;
  /** Place in the ring of the next insertion. */
  private head = 0;
  private count = 0;

  /**
   * @param maxBytes the largest size that an update may ask for; the table begins with this, at most 4096. The ring has
   *   a place for each 32 bytes of it from the start
   */
  constructor(private readonly maxBytes: number) {
    this.limit = Math.min(maxBytes, INITIAL_BYTES);
    let ring = 1;
    while (ring * FIELD_OVERHEAD < maxBytes) ring *= 2;
    this.mask = ring - 1;
    const empty = Array<string>(ring).fill('');
    this.names = ['', ...STATIC_TABLE.map(([name]) => name), ...empty];
    this.values = ['', ...STATIC_TABLE.map(([, value]) => value), ...empty];
  }

  /**
   * The slot of an index.
   *
   * @throws HpackError for index 0 (section 6.1) and for one beyond the tables (section 2.3.3)
   */
  slot(index: number): number {
    if (index < DYNAMIC_START) {
      if (index === 0) throw new HpackError('Index 0 is not in use.');
      return index;
    }
    const age = index - DYNAMIC_START;
    if (age >= this.count) throw new HpackError(`Index ${index} is beyond the tables.`);
    return this.place(age + 1);
  }

  /** Adds an entry, with evictions where needed; one larger than the table only empties it (section 4.4). */
  insert(name: string, value: string): void {
    const bytes = name.length + value.length + FIELD_OVERHEAD;
    this.evictDownTo(this.limit - bytes);
    if (bytes > this.limit) return;
    const slot = this.place(0);
    this.names[slot] = name;
    this.values[slot] = value;
    this.head = (this.head + 1) & this.mask;
    this.count++;
    this.bytes += bytes;
    this.generation++;
  }

  /**
   * A dynamic table size update (sections 4.3 and 6.3).
   *
   * @throws HpackError above `maxBytes`
   */
  resize(limit: number): void {
    if (limit > this.maxBytes)
      throw new HpackError(
        `A dynamic table of ${limit} bytes was asked for, at most ${this.maxBytes} are allowed.`,
      );
    this.limit = limit;
    this.evictDownTo(limit);
    this.generation++;
  }

  private evictDownTo(bytes: number): void {
    while (this.bytes > bytes && this.count > 0) {
      const slot = this.place(this.count);
      this.bytes -= this.names[slot]!.length + this.values[slot]!.length + FIELD_OVERHEAD;
      this.names[slot] = '';
      this.values[slot] = '';
      this.count--;
      this.generation++;
    }
  }

  /** The slot of the entry that was inserted `back` insertions ago; 0 is the next one. */
  private place(back: number): number {
    return DYNAMIC_START + ((this.head - back) & this.mask);
  }
}
