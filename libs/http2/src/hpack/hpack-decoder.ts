import { BlockMemo } from './block-memo';
import { BlockReader } from './block-reader';
import { FIELD_OVERHEAD, HeaderTable } from './header-table';
import { HpackError } from './hpack-error';

/**
 * The fields of a block in their order, flat: name, value, name, value, ... Octets are latin1 characters. The list may be
 * given out again for the same bytes, so it must never be changed.
 */
export type HeaderList = readonly string[];

/**
 * Decodes the header blocks of one direction of one connection, in their order (RFC 7541). Most blocks of a gRPC client
 * are the same bytes again, so the last 8 of at most 512 bytes that left the dynamic table alone are remembered: as long
 * as the table stays as it is, the same bytes give the very same list, and a caller may memoise by its identity.
 */
export class HpackDecoder {
  /** Whether the last block had more than `listBytes`; its list then ends with the last field within that bound. */
  tooLarge = false;
  private readonly table: HeaderTable;
  private readonly memo = new BlockMemo<HeaderList>();

  /**
   * @param tableBytes our SETTINGS_HEADER_TABLE_SIZE. Below 4096 only for an encoder that knows it from the start
   * @param listBytes our SETTINGS_MAX_HEADER_LIST_SIZE: sum of name, value and 32 of each field (RFC 9113, section 6.5.2)
   */
  constructor(
    tableBytes = 4096,
    private readonly listBytes = 16_384,
  ) {
    this.table = new HeaderTable(tableBytes);
  }

  /** Bytes of the dynamic table in use (section 4.1). */
  get tableBytes(): number {
    return this.table.bytes;
  }

  /**
   * The fields of a whole block, that is of a HEADERS frame and its CONTINUATION frames. The work is bounded by the
   * length of the block, which the caller bounds; nothing of its memory is kept. A list that is too large is no error:
   * the tables are in step, the caller refuses that one stream.
   *
   * @throws HpackError for whatever RFC 7541 forbids; the decoder is of no use any more, the connection must end
   */
  decode(block: Buffer): HeaderList {
    const { table, memo } = this;
    const { generation } = table;
    this.tooLarge = false;
    const known = memo.find(block, generation);
    if (known !== undefined) return known;
    const list = this.read(block);
    if (table.generation === generation && !this.tooLarge) memo.keep(block, generation, list);
    return list;
  }

  private read(block: Buffer): HeaderList {
    const { table } = this;
    const reader = new BlockReader(block);
    const list: string[] = [];
    let size = 0;
    while (!reader.done) {
      const first = reader.octet();
      let name: string;
      let value: string;
      if (first >= 0x80) {
        // Indexed (section 6.1).
        const slot = table.slot(reader.integer(first, 0x7f));
        name = table.names[slot]!;
        value = table.values[slot]!;
      } else if (first >= 0x40) {
        // Literal with incremental indexing (section 6.2.1).
        name = this.name(reader, reader.integer(first, 0x3f));
        value = reader.string();
        table.insert(name, value);
      } else if (first >= 0x20) {
        // Dynamic table size update (section 6.3).
        if (size > 0) throw new HpackError('A dynamic table size update comes after a field.');
        table.resize(reader.integer(first, 0x1f));
        continue;
      } else {
        // Literal without indexing, or never indexed (sections 6.2.2 and 6.2.3).
        name = this.name(reader, reader.integer(first, 0x0f));
        value = reader.string();
      }
      size += name.length + value.length + FIELD_OVERHEAD;
      if (size <= this.listBytes) list.push(name, value);
    }
    this.tooLarge = size > this.listBytes;
    return list;
  }

  private name(reader: BlockReader, index: number): string {
    return index === 0 ? reader.string() : this.table.names[this.table.slot(index)]!;
  }
}
