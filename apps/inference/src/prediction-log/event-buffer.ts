import type { SealedEvent } from '@steward/messaging';
import type { Spool } from './spool';

/** About what an event takes beside its value. */
const OVERHEAD = 512;

/**
 * Events that wait, first in, first out: a bounded memory, behind a bounded spool. Once there is something in the spool,
 * whatever comes is younger than it, so the order holds: the spool first, then the memory.
 */
export class EventBuffer {
  private memory: SealedEvent[] = [];
  private memoryBytes = 0;

  constructor(
    private readonly spool: Spool,
    private readonly maxMemoryBytes: number,
  ) {}

  get empty(): boolean {
    return this.memory.length === 0 && this.spool.empty;
  }

  /** How many wait in memory, behind nothing on the disk; 0 where something is there. */
  get gathered(): number {
    return this.spool.empty ? this.memory.length : 0;
  }

  /** Takes an event, or says false: both bounds are reached, or the disk does not take it. */
  push(event: SealedEvent): boolean {
    const bytes = bytesOf(event);
    if (this.memoryBytes + bytes > this.maxMemoryBytes) this.spill();
    if (this.memoryBytes + bytes > this.maxMemoryBytes) return false;
    this.memory.push(event);
    this.memoryBytes += bytes;
    return true;
  }

  peek(most: number): SealedEvent[] {
    return this.spool.empty ? this.memory.slice(0, most) : this.spool.peek(most);
  }

  /** Forgets the oldest `count`, which were sent, wherever they are now: what {@link peek} gave may have been spilled since. */
  drop(count: number): void {
    let left = count;
    while (left > 0 && !this.spool.empty) {
      const held = this.spool.peek(left).length;
      this.spool.drop(held);
      left -= held;
      if (held === 0) break;
    }
    for (const event of left > 0 ? this.forget(left) : []) event.release?.();
  }

  /** Moves what is in memory behind what is on the disk, as far as it has room. Returns how many stay in memory. */
  spill(): number {
    if (this.memory.length > 0) this.forget(this.spool.write(this.memory));
    return this.memory.length;
  }

  private forget(count: number): SealedEvent[] {
    const gone = this.memory.splice(0, count);
    for (const event of gone) this.memoryBytes -= bytesOf(event);
    return gone;
  }
}

const bytesOf = ({ valueBytes }: SealedEvent): number => valueBytes + OVERHEAD;
