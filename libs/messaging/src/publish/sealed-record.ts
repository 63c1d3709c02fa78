import type { EventHeaders } from '../event-headers';
import type { SealedEvent } from '../outbox';
import { LENGTHS_BYTES, type PackedForm } from '../packed-form';
import { EventPage } from './event-pages';

/** Where those are that were released: there is nothing to be read. */
const NOWHERE = new EventPage(Buffer.alloc(0), null);

/** A stamped event as it stands in a page, packed; all else is made of it when somebody asks. */
export class SealedRecord implements SealedEvent, PackedForm {
  /** @param start where its lengths are */
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly keyHash: number,
    private page: EventPage,
    private readonly start: number,
    readonly bytes: number,
    readonly valueBytes: number,
  ) {
    page.hold();
  }

  get packed(): PackedForm {
    return this;
  }

  get key(): string {
    const from = this.start + LENGTHS_BYTES;
    return this.page.bytes.toString('utf8', from, from + this.keyBytes);
  }

  get headers(): EventHeaders {
    return JSON.parse(this.headersJson()) as EventHeaders;
  }

  /** A view: gone when the event is released. */
  get value(): Buffer {
    const end = this.start + this.bytes;
    return this.page.bytes.subarray(end - this.valueBytes, end);
  }

  headersJson(): string {
    const from = this.start + LENGTHS_BYTES + this.keyBytes;
    return this.page.bytes.toString('utf8', from, this.start + this.bytes - this.valueBytes);
  }

  copyTo(target: Buffer, at: number): void {
    this.page.bytes.copy(target, at, this.start, this.start + this.bytes);
  }

  release(): void {
    this.page.release();
    this.page = NOWHERE;
  }

  private get keyBytes(): number {
    return this.page.bytes.readUInt32LE(this.start);
  }
}
