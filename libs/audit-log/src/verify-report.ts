/** What was done to a log. */
export const FaultKinds = [
  'format',
  'changed',
  'removed',
  'inserted',
  'swapped',
  'truncated',
  'recomputed',
  'rolled-back',
  'unwitnessed',
] as const;
export type FaultKind = (typeof FaultKinds)[number];

/** One fault: entries from `from` up to, not including, `to` are concerned. */
export interface Fault {
  readonly kind: FaultKind;
  readonly from: number;
  readonly to: number;
  /** A sentence for people. */
  readonly message: string;
}

/** What `verifyBundle` or `verifyExcerpt` found. `valid` is true only if there is no fault at all. */
export interface VerifyReport {
  readonly valid: boolean;
  /** Entries read. */
  readonly entries: number;
  /** Checkpoints whose signature holds and whose root fits. */
  readonly checkpoints: number;
  /** The newest head that was proved: keep it, and give it as `seenHead` next time. */
  readonly head: { readonly size: number; readonly root: string; readonly time: string } | null;
  /** The newest proved head that the witness cosigned, and when; null without one, or where none was asked for. */
  readonly witnessed: { readonly size: number; readonly time: string } | null;
  /** At most {@link MAX_FAULTS}, by place. */
  readonly faults: readonly Fault[];
  /** Faults beyond those. */
  readonly moreFaults: number;
}

export const MAX_FAULTS = 100;

/** Collects faults up to a bound and counts the rest. */
export class FaultList {
  readonly faults: Fault[] = [];
  more = 0;

  add(kind: FaultKind, from: number, to: number, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ kind, from, to, message });
    else this.more += 1;
  }

  get isEmpty(): boolean {
    return this.faults.length === 0;
  }
}
