import { AppError, isRetriable } from '@steward/kernel';
import type { SealedEvent, TelemetryLog } from '@steward/messaging';
import type { EventBuffer } from './event-buffer';

/** So many do not wait for more. */
const BATCH = 1_000;
/**
 * So many are taken at once where they wait: with a thousand requests in flight a turn of the event loop takes longer than an
 * append, which gets a turn or two, so what came meanwhile must all go with the next or the log falls behind for good.
 */
const MOST = 2 * BATCH;
const BATCH_BYTES = 4 * 1024 * 1024;
/** So long a batch waits for more, if it is not full: an append of a thousand costs little more than one of ten. */
const GATHER_MS = 40;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/** What the log tells of how it fares. */
export interface BufferedLogEvents {
  /** So many events reached the bus. */
  readonly written: (events: number) => void;
  /** So many were refused by the bus for good, with this code. */
  readonly refused: (events: number, code: string) => void;
  /** The bus went away (with the reason) or came back (null). */
  readonly away: (reason: string | null) => void;
  /** What waits went to the disk, or away from there and from memory. */
  readonly moved: () => void;
}

/**
 * Writes one buffer's events to the bus, one batch at a time and in their order. While the bus is away each try spills
 * what came meanwhile to the disk, so that a killed process loses at most what came since.
 */
export class BufferedLog {
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;
  private gathering = false;
  private stopping = false;
  private until = Infinity;
  private failures = 0;

  constructor(
    private readonly log: Pick<TelemetryLog, 'send'>,
    private readonly buffer: EventBuffer,
    private readonly events: BufferedLogEvents,
  ) {}

  get away(): boolean {
    return this.failures > 0;
  }

  /** False: no room. */
  accept(event: SealedEvent): boolean {
    const taken = this.buffer.push(event);
    if (this.stopping) this.buffer.spill();
    else if (this.running) this.full();
    else this.start();
    return taken;
  }

  /** Begins to write what waits; ends by itself when nothing does. */
  start(): void {
    if (this.stopping || this.buffer.empty) return;
    this.running ??= this.run().finally(() => {
      this.running = null;
      // Something may have come between the last look and the end.
      this.start();
    });
  }

  /** Resolves when nothing waits any more, or it was stopped. */
  async drained(): Promise<void> {
    while (this.running) await this.running;
  }

  /**
   * Writes what waits for so long at most, unless the bus is away; the rest goes to the disk, as does what is accepted
   * afterwards.
   */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    this.until = Date.now() + withinMs;
    this.wake();
    await this.drained();
    this.buffer.spill();
  }

  private async run(): Promise<void> {
    while (!this.buffer.empty) {
      await this.gather();
      const batch = upTo(BATCH_BYTES, this.buffer.peek(MOST));
      if (await this.sent(batch)) this.drop(batch.length);
      else if (!this.stopping) await this.pause();
      if (this.stopping && (this.failures > 0 || Date.now() > this.until)) return;
    }
  }

  private drop(count: number): void {
    this.buffer.drop(count);
    this.events.moved();
  }

  /** Waits for a full batch, a moment at most; what is on the disk does not wait. */
  private async gather(): Promise<void> {
    if (this.stopping || this.failures > 0 || this.buffer.gathered === 0) return;
    if (this.buffer.gathered >= BATCH) return;
    await this.sleep(GATHER_MS, true);
  }

  /** The batch that is being gathered may be full. */
  private full(): void {
    if (this.gathering && this.buffer.gathered >= BATCH) this.wake();
  }

  /** True: the batch is done with, for it is written, or refused for good. */
  private async sent(batch: readonly SealedEvent[]): Promise<boolean> {
    try {
      await this.log.send(batch);
      this.events.written(batch.length);
      if (this.failures > 0) this.events.away(null);
      this.failures = 0;
      return true;
    } catch (error) {
      const code = AppError.is(error) ? error.code : 'EVENT.APPEND_FAILED';
      if (AppError.is(error) && !isRetriable(error)) return await this.refused(batch, code);
      if (this.failures === 0) this.events.away(code);
      this.failures += 1;
      return false;
    }
  }

  /** One event that the bus will never take must not take the others of its batch along. */
  private async refused(batch: readonly SealedEvent[], code: string): Promise<boolean> {
    if (batch.length === 1) this.events.refused(1, code);
    else for (const event of batch) if (!(await this.sent([event]))) return false;
    return true;
  }

  private async pause(): Promise<void> {
    this.buffer.spill();
    this.events.moved();
    await this.sleep(Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS), false);
  }

  /** Until {@link wake} is called, so long at most. */
  private async sleep(millis: number, gathering: boolean): Promise<void> {
    this.gathering = gathering;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
    this.gathering = false;
  }
}

/** The first events that together have at most so many bytes; at least one, if there is one. */
function upTo(bytes: number, events: readonly SealedEvent[]): SealedEvent[] {
  let sum = 0;
  const end = events.findIndex(({ valueBytes }, index) => {
    sum += valueBytes;
    return index > 0 && sum > bytes;
  });
  return end === -1 ? [...events] : events.slice(0, end);
}
