import type { FaultList } from './verify-report';

/** Displaced entries that are kept in mind to pair them; beyond it each is told alone. */
const MAX_PENDING = 10_000;

/**
 * Finds out, from the numbers of the entries in the order of the file, what was removed, inserted or swapped. Each
 * number that does not fit is judged by the one after it: what comes next tells a gap from a stranger.
 */
export class OrderCheck {
  private expected = 0;
  private held: number | null = null;
  private readonly missing = new Map<number, number>();
  private readonly extra = new Set<number>();

  constructor(private readonly faults: FaultList) {}

  next(index: number): void {
    const { held } = this;
    if (held === null) {
      if (index === this.expected) this.expected += 1;
      else this.held = index;
      return;
    }
    this.held = null;
    this.judge(held, index);
    this.next(index);
  }

  /** Says what was found; `signedSize` is the largest size that a valid signature or a head seen before vouches for. */
  finish(signedSize: number): void {
    if (this.held !== null) this.judge(this.held, null);
    this.held = null;
    for (const [from, to] of this.missing) {
      if (to === from + 1 && this.extra.delete(from)) {
        this.missing.delete(from);
        this.faults.add('swapped', from, to, `Entry ${from} stands in another place than its own.`);
      } else this.faults.add('removed', from, to, `${entries(from, to)} missing.`);
    }
    for (const index of this.extra)
      this.faults.add(
        'inserted',
        index,
        index + 1,
        `An entry with number ${index} was put in where it does not belong.`,
      );
    if (this.expected < signedSize)
      this.faults.add(
        'truncated',
        this.expected,
        signedSize,
        `The tail is cut off: a signed head vouches for ${signedSize} entries, the file ends after ${this.expected}.`,
      );
  }

  private judge(held: number, following: number | null): void {
    const { expected } = this;
    if (following === expected + 1) {
      // One stranger stands where `expected` belongs, and all goes on behind it: one half of a swap, or a substitute.
      this.note(expected, expected + 1);
      this.addExtra(held);
      this.expected = expected + 1;
    } else if (following === expected || held < expected) {
      this.addExtra(held);
    } else {
      this.note(expected, held);
      this.expected = held + 1;
    }
  }

  private note(from: number, to: number): void {
    if (this.missing.size < MAX_PENDING) this.missing.set(from, to);
    else this.faults.add('removed', from, to, `${entries(from, to)} missing.`);
  }

  private addExtra(index: number): void {
    if (this.extra.size < MAX_PENDING) this.extra.add(index);
    else this.faults.add('inserted', index, index + 1, `An entry with number ${index} was put in.`);
  }
}

const entries = (from: number, to: number): string =>
  to === from + 1 ? `Entry ${from} is` : `Entries ${from} to ${to - 1} are`;
