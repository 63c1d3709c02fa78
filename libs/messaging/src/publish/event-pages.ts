/** What one page holds; larger events have one of their own. */
const PAGE_BYTES = 256 * 1024;
/** So many pages are kept for the next events: room for some eight thousand predictions of a row. */
const MOST_KEPT = 32;

/** A piece of memory that events are written into one behind the other. */
export class EventPage {
  used = 0;
  /** Events in it that somebody may still read. */
  private held = 0;
  private full = false;

  constructor(
    readonly bytes: Buffer,
    private readonly onFree: ((page: EventPage) => void) | null,
  ) {}

  hold(): void {
    this.held += 1;
  }

  /** An event in it is not read any more. */
  release(): void {
    if (--this.held === 0 && this.full) this.free();
  }

  /** Nothing more is written. */
  close(): void {
    this.full = true;
    if (this.held === 0) this.free();
  }

  private free(): void {
    this.used = 0;
    this.full = false;
    this.onFree?.(this);
  }
}

/**
 * Memory for events that wait for the log. As objects they would leave the young generation while they wait, and stand until
 * a full garbage collection: at tens of thousands a second these had a tenth of the answering thread and as much of another.
 */
export class EventPages {
  private readonly kept: EventPage[] = [];
  private current: EventPage | null = null;
  private readonly keep = (page: EventPage): void => {
    if (this.kept.length < MOST_KEPT) this.kept.push(page);
  };

  /** A page that has room for so many bytes. */
  withRoomFor(bytes: number): EventPage {
    if (bytes > PAGE_BYTES / 4) return new EventPage(Buffer.allocUnsafeSlow(bytes), null);
    const { current } = this;
    if (current !== null && current.used + bytes <= PAGE_BYTES) return current;
    current?.close();
    this.current = this.kept.pop() ?? new EventPage(Buffer.allocUnsafeSlow(PAGE_BYTES), this.keep);
    return this.current;
  }
}
