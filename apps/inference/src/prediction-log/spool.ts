import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SealedEvent } from '@steward/messaging';
import { decodeSegment, encodeRecord } from './spool-format';

const SEGMENT_BYTES = 4 * 1024 * 1024;
const SUFFIX = '.spool';

/** What a spool tells of what it could not keep or read. */
export type SpoolTrouble = (trouble: {
  readonly kind: 'damaged';
  readonly file: string;
  readonly bytes: number;
}) => void;

/**
 * Events on disk in the order in which they were given: files of about 4 MiB, written at their end, read from the first.
 * A file goes when its last event was dropped; after a restart what was dropped of the first file is read again, and
 * readers of the log know it by its stamp. Writing is synchronous: it happens only while the bus is away or behind, and
 * the order of what comes meanwhile needs no lock. Survives a killed process, not a power failure.
 */
export class Spool {
  private files: { readonly name: string; readonly bytes: number }[] = [];
  private last = 0;
  private writing: { name: string; bytes: number } | null = null;
  private head: SealedEvent[] = [];
  private stored = 0;

  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
    private readonly trouble: SpoolTrouble,
  ) {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)) : [];
    this.files = names.toSorted().map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
    this.last = Number.parseInt(this.files.at(-1)?.name ?? '0', 10);
    this.stored = this.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get bytes(): number {
    return this.stored;
  }

  get empty(): boolean {
    return this.head.length === 0 && this.files.length === 0 && this.writing === null;
  }

  /** Writes as many of the events as there is room for, from the first; returns how many. */
  write(events: readonly SealedEvent[]): number {
    const records: Buffer[] = [];
    let bytes = 0;
    for (const event of events) {
      const record = encodeRecord(event);
      if (this.stored + bytes + record.length > this.maxBytes) break;
      records.push(record);
      bytes += record.length;
    }
    if (records.length === 0) return 0;
    if (this.writing === null || this.writing.bytes >= SEGMENT_BYTES) this.nextFile();
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    appendFileSync(join(this.folder, this.writing!.name), Buffer.concat(records), { mode: 0o600 });
    this.writing!.bytes += bytes;
    this.stored += bytes;
    return records.length;
  }

  /** The oldest events, up to `most`, which stay until they are dropped. */
  peek(most: number): SealedEvent[] {
    while (this.head.length === 0 && (this.files.length > 0 || this.writing !== null)) this.readFirst();
    return this.head.slice(0, most);
  }

  /** Forgets the oldest `count` events, which {@link peek} gave. */
  drop(count: number): void {
    this.head = this.head.slice(count);
    if (this.head.length === 0 && this.files.length > 0) this.removeFirst();
  }

  /** Takes the folder away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private nextFile(): void {
    if (this.writing) this.files.push(this.writing);
    this.last += 1;
    this.writing = { name: `${String(this.last).padStart(10, '0')}${SUFFIX}`, bytes: 0 };
  }

  /** What is being read is not written any more. */
  private readFirst(): void {
    if (this.files.length === 0 && this.writing) {
      this.files.push(this.writing);
      this.writing = null;
    }
    const { name } = this.files[0]!;
    const { events, damagedBytes } = decodeSegment(readFileSync(join(this.folder, name)));
    if (damagedBytes > 0) this.trouble({ kind: 'damaged', file: name, bytes: damagedBytes });
    this.head = events;
    if (events.length === 0) this.removeFirst();
  }

  private removeFirst(): void {
    const { name, bytes } = this.files.shift()!;
    this.stored -= bytes;
    rmSync(join(this.folder, name), { force: true });
  }
}
