import { isUtf8 } from 'node:buffer';

/** Why a record cannot even be split into fields. `fields` is found here too: it needs nothing but the commas. */
export type FramingRule = 'quote' | 'encoding' | 'fields' | 'rowLength';

/** A record as its bytes, without its line end, or a line that is none. */
export interface ScannedRecord {
  /** Physical line of its beginning, the header's being 1. */
  readonly line: number;
  readonly bytes: Buffer;
  /** Physical lines that it spans. */
  readonly lines: number;
  readonly rule: FramingRule | null;
  /** Fields found; 0 where they could not be counted. */
  readonly fields: number;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const EMPTY = Buffer.alloc(0);

/**
 * Cuts the bytes of a CSV file (RFC 4180: comma, double quotes, LF or CRLF) into records, in bounded memory.
 * A quoted field may span lines. A quote that never closes, closes before other text, or stays open beyond the longest
 * row is broken: each line that it swallowed is a record of rule `quote`, and scanning goes on at the next line. So is
 * each line of a record of several lines that has not the expected number of fields. Blank lines are no records.
 */
export class CsvScanner {
  /** Lines seen so far, blank ones included. */
  lines = 0;
  blankLines = 0;
  /** True once lines have ended in two ways, or a carriage return stood inside one: not every parser reads that alike. */
  mixedEnds = false;
  private ends: 'LF' | 'CRLF' | null = null;
  private rest: Buffer = EMPTY;
  /** True while the rest of a line that is too long is thrown away. */
  private skipping = false;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private fields = 0;
  private started = false;

  /** @param expectedFields null until the header is known: then no record is judged by its number of fields. */
  constructor(
    private readonly longestRow: number,
    public expectedFields: number | null,
  ) {}

  /** Records that end in this chunk. */
  *scan(chunk: Buffer): Generator<ScannedRecord> {
    let data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    if (!this.started) {
      if (data.length < 3 && BYTE_ORDER_MARK.subarray(0, data.length).equals(data)) {
        this.rest = data;
        return;
      }
      this.started = true;
      if (data.subarray(0, 3).equals(BYTE_ORDER_MARK)) data = data.subarray(3);
    }
    let from = 0;
    for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED, from)) {
      yield* this.line(data.subarray(from, end));
      from = end + 1;
    }
    this.rest = data.subarray(from);
    if (this.rest.length > this.longestRow) {
      if (!this.skipping) yield* this.tooLong(this.rest.subarray(0, 0));
      this.skipping = true;
      this.rest = EMPTY;
    }
  }

  /** What is left when the file is at its end. */
  *end(): Generator<ScannedRecord> {
    if (!this.started && this.rest.equals(BYTE_ORDER_MARK)) this.rest = EMPTY;
    if (this.rest.length > 0) yield* this.line(this.rest, true);
    this.rest = EMPTY;
    yield* this.broken();
  }

  private *line(raw: Buffer, last = false): Generator<ScannedRecord> {
    if (this.skipping) {
      this.skipping = false;
      return;
    }
    const returned = raw[raw.length - 1] === RETURN;
    const bytes = returned ? raw.subarray(0, -1) : raw;
    this.noteEnd(returned, bytes, last);
    if (bytes.length > this.longestRow) {
      yield* this.tooLong(EMPTY);
      return;
    }
    this.lines += 1;
    if (this.pending.length === 0 && bytes.length === 0) {
      this.blankLines += 1;
      return;
    }
    const open = this.pending.length > 0;
    if (open && this.pendingBytes + raw.length > this.longestRow) {
      this.lines -= 1;
      yield* this.broken();
      yield* this.line(raw, last);
      return;
    }
    const found = countFields(bytes, open);
    // Inside quotes the line end belongs to the value, its CR too; the copy frees the chunk that the line is a part of.
    this.pending.push(open || found.open ? Buffer.from(found.open ? raw : bytes) : bytes);
    this.pendingBytes += raw.length + 1;
    this.fields += found.fields;
    if (found.malformed) yield* this.broken();
    else if (!found.open) yield* swallowedLines(this.complete());
  }

  private noteEnd(returned: boolean, bytes: Buffer, last: boolean): void {
    const end = returned ? 'CRLF' : 'LF';
    // The last line may have no end at all.
    if (!last && this.ends !== null && this.ends !== end) this.mixedEnds = true;
    if (!last) this.ends = end;
    if (bytes.includes(RETURN) || (last && returned)) this.mixedEnds = true;
  }

  /** A whole record: judged by its bytes and its number of fields. */
  private complete(): ScannedRecord {
    const lines = this.pending.length;
    const bytes =
      lines === 1
        ? this.pending[0]!
        : Buffer.from(this.pending.map((part) => part.toString('latin1')).join('\n'), 'latin1');
    const fields = this.fields;
    const line = this.lines - lines + 1;
    this.forget();
    const rule = this.ruleOf(bytes, fields);
    return { line, bytes, lines, rule, fields };
  }

  private ruleOf(bytes: Buffer, fields: number): FramingRule | null {
    if (!isUtf8(bytes) || bytes.includes(0)) return 'encoding';
    return this.expectedFields !== null && fields !== this.expectedFields ? 'fields' : null;
  }

  /** Each line that an open quote holds becomes a record of its own. */
  private *broken(): Generator<ScannedRecord> {
    const pending = this.pending;
    const first = this.lines - pending.length + 1;
    this.forget();
    for (const [at, bytes] of pending.entries()) {
      yield { line: first + at, bytes, lines: 1, rule: 'quote', fields: 0 };
    }
  }

  private *tooLong(bytes: Buffer): Generator<ScannedRecord> {
    yield* this.broken();
    this.lines += 1;
    yield { line: this.lines, bytes, lines: 1, rule: 'rowLength', fields: 0 };
  }

  private forget(): void {
    this.pending = [];
    this.pendingBytes = 0;
    this.fields = 0;
  }
}

/** A record of several lines whose number of fields is wrong had a broken quote: it falls into its lines. */
function* swallowedLines(record: ScannedRecord): Generator<ScannedRecord> {
  if (record.rule !== 'fields' || record.lines === 1) {
    yield record;
    return;
  }
  let from = 0;
  for (let at = 0; at < record.lines; at += 1) {
    const end = record.bytes.indexOf(LINE_FEED, from);
    const bytes = record.bytes.subarray(from, end < 0 ? record.bytes.length : end);
    yield { line: record.line + at, bytes, lines: 1, rule: 'quote', fields: 0 };
    from += bytes.length + 1;
  }
}

/**
 * Fields that end in a line, and whether a quote is open at its end. `malformed`: a quote stands inside an unquoted
 * field, or text follows a closing one.
 */
function countFields(line: Buffer, quoted: boolean): { fields: number; open: boolean; malformed: boolean } {
  if (!quoted && !line.includes(QUOTE))
    return { fields: countCommas(line) + 1, open: false, malformed: false };
  let fields = 0;
  let open = quoted;
  let at = 0;
  let fieldStart = !quoted;
  while (at < line.length) {
    const byte = line[at];
    if (open) {
      if (byte === QUOTE) {
        if (line[at + 1] === QUOTE) at += 1;
        else {
          open = false;
          const next = line[at + 1];
          if (next !== undefined && next !== COMMA) return { fields, open, malformed: true };
        }
      }
    } else if (byte === COMMA) {
      fields += 1;
      fieldStart = true;
      at += 1;
      continue;
    } else if (byte === QUOTE) {
      if (!fieldStart) return { fields, open, malformed: true };
      open = true;
    }
    fieldStart = false;
    at += 1;
  }
  return { fields: open ? fields : fields + 1, open, malformed: false };
}

function countCommas(line: Buffer): number {
  let commas = 0;
  for (let at = line.indexOf(COMMA); at >= 0; at = line.indexOf(COMMA, at + 1)) commas += 1;
  return commas;
}
