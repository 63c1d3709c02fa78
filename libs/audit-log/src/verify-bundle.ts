import { AppError } from '@steward/kernel';
import { openCheckpoint, type LogHead, type OpenedCheckpoint } from './checkpoint';
import { CompactRange } from './compact-range';
import { cosignedAt } from './cosignature';
import { BUNDLE_FORMAT, cutCheckpoint, cutEntry, parseHeader, type BundleHeader } from './export-bundle';
import { VerifierKey } from './log-key';
import { hashLeaf } from './merkle-hash';
import { OrderCheck } from './order-check';
import { readLines } from './read-lines';
import { FaultList, type VerifyReport } from './verify-report';

/** What may be known beside the bundle. */
export interface VerifyOptions {
  /** A head that was proved or seen before: the log must be a continuation of it. */
  readonly seenHead?: { readonly size: number; readonly root: string | Buffer };
  /** A witness that must have cosigned a head: then nobody was shown another history of the entries under it. */
  readonly witness?: VerifierKey;
  /** Called now and then with the number of entries read so far. */
  readonly onProgress?: (entries: number) => void;
}

/**
 * Verifies an exported audit log offline: against the public key, and against a head seen before where there is one.
 * Reads the bundle once, in bounded memory. Faults of the log are in the report; only an unreadable stream or a bad
 * key throw. A log whose tail was cut off together with its heads can be known only by `seenHead`.
 */
export async function verifyBundle(
  bundle: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  publicKey: string | VerifierKey,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const key = typeof publicKey === 'string' ? VerifierKey.parse(publicKey) : publicKey;
  const verification = new BundleVerification(key, options);
  try {
    for await (const lines of readLines(bundle)) {
      for (const line of lines) verification.line(line);
      options.onProgress?.(verification.entries);
    }
  } catch (error) {
    if (!AppError.is(error) || error.code !== 'AUDIT.BAD_BUNDLE') throw error;
    verification.unreadable(error.message);
  }
  return verification.finish();
}

class BundleVerification {
  entries = 0;
  private readonly faults = new FaultList();
  private readonly order = new OrderCheck(this.faults);
  private readonly tree = new CompactRange();
  private readonly witness: VerifierKey | undefined;
  private witnessed: VerifyReport['witnessed'] = null;
  private readonly seen: { readonly size: number; readonly root: Buffer } | null;
  private sawHeader = false;
  private checkpoints = 0;
  private head: LogHead | null = null;
  /** Largest size under a valid signature, whether its root fits or not. */
  private signedSize = -1;
  private lastMatch = 0;
  /** The first stretch of entries whose signed root does not fit. */
  private mismatch: { readonly from: number; readonly to: number } | null = null;

  constructor(
    private readonly key: VerifierKey,
    options: VerifyOptions,
  ) {
    const { seenHead, witness } = options;
    this.witness = witness;
    this.seen = seenHead
      ? {
          size: seenHead.size,
          root: typeof seenHead.root === 'string' ? Buffer.from(seenHead.root, 'hex') : seenHead.root,
        }
      : null;
    this.compareSeen();
  }

  line(line: Buffer): void {
    if (!this.sawHeader) return this.header(line);
    const entry = cutEntry(line);
    if (entry) {
      if (!hashLeaf(entry.content).equals(entry.leaf))
        this.faults.add(
          'changed',
          entry.index,
          entry.index + 1,
          `Entry ${entry.index} was changed: its content does not have the hash that stands beside it.`,
        );
      this.order.next(entry.index);
      // The hash beside the entry goes into the tree, so that one changed entry does not hide what else was done.
      this.tree.append(entry.leaf);
      this.entries += 1;
      return this.compareSeen();
    }
    const note = cutCheckpoint(line);
    if (note === null)
      this.unreadable(`The line after entry ${this.entries - 1} is neither entry nor checkpoint.`);
    else this.checkpoint(note);
  }

  unreadable(message: string): void {
    this.faults.add('format', this.entries, this.entries, message);
  }

  finish(): VerifyReport {
    this.order.finish(Math.max(this.signedSize, this.seen?.size ?? 0));
    if (!this.sawHeader) this.unreadable('The bundle is empty: it has no header.');
    if (this.signedSize < 0)
      this.faults.add('truncated', 0, 0, 'The bundle holds no head that is signed with this key.');
    else if (this.signedSize < this.entries && this.faults.isEmpty)
      this.faults.add(
        'inserted',
        this.signedSize,
        this.entries,
        `Entries from ${this.signedSize} on stand after the last signed head: nobody vouches for them.`,
      );
    if (this.mismatch && this.faults.isEmpty) {
      const { from, to } = this.mismatch;
      this.faults.add(
        'changed',
        from,
        to,
        `Entries ${from} to ${to - 1} are not those that were signed: an entry was changed, removed, inserted or ` +
          'swapped there, and numbers and hashes were made anew.',
      );
    }
    if (this.witness && !this.witnessed)
      this.faults.add('unwitnessed', 0, this.entries, unwitnessed(this.witness));
    return {
      valid: this.faults.isEmpty,
      entries: this.entries,
      checkpoints: this.checkpoints,
      head: this.head && { ...this.head, root: this.head.root.toString('hex') },
      witnessed: this.witnessed,
      faults: this.faults.faults.toSorted((left, right) => left.from - right.from),
      moreFaults: this.faults.more,
    };
  }

  private header(line: Buffer): void {
    this.sawHeader = true;
    const header = parseHeader(line);
    if (header.format !== BUNDLE_FORMAT) this.unreadable('This is an excerpt, not the whole log.');
    const foreign = foreignKey(header, this.key);
    if (foreign) this.faults.add('recomputed', 0, 0, foreign);
  }

  private checkpoint(note: string): void {
    let opened: OpenedCheckpoint;
    try {
      opened = openCheckpoint(note, this.key);
    } catch (error) {
      return this.unreadable(AppError.is(error) ? error.message : 'A checkpoint cannot be read.');
    }
    const fits = opened.size === this.tree.size && opened.root.equals(this.tree.root());
    if (opened.signature !== 'valid') return this.forged(opened, fits);
    this.signedSize = Math.max(this.signedSize, opened.size);
    if (fits) {
      this.checkpoints += 1;
      this.lastMatch = opened.size;
      this.head = { size: opened.size, root: opened.root, time: opened.time };
      this.witnessed = (this.witness && witnessedBy(note, opened.size, this.witness)) ?? this.witnessed;
    } else this.mismatch ??= { from: this.lastMatch, to: Math.max(opened.size, this.lastMatch + 1) };
  }

  private forged(opened: OpenedCheckpoint, fits: boolean): void {
    const why =
      opened.signature === 'forged' ? 'its signature is not of this key' : 'it is signed with another key';
    this.faults.add(
      fits ? 'recomputed' : 'format',
      this.lastMatch,
      opened.size,
      fits
        ? `The log was recomputed without the key: the head of ${opened.size} entries fits them, but ${why}.`
        : `The head of ${opened.size} entries was tampered with: ${why}.`,
    );
  }

  private compareSeen(): void {
    if (this.seen?.size !== this.tree.size || this.seen.root.equals(this.tree.root())) return;
    this.faults.add(
      'rolled-back',
      0,
      this.seen.size,
      `The first ${this.seen.size} entries are not those of the head that was seen before: history was rewritten.`,
    );
  }
}

/** Why a header is not that of the log whose key it is verified with; null where it is. */
export function foreignKey(header: BundleHeader, key: VerifierKey): string | null {
  if (header.keyId === key.id && header.origin === key.name) return null;
  return `The bundle is of log ${header.origin} with key ${header.keyId}, not of ${key.name} with ${key.id}.`;
}

/** When the witness cosigned this head; null where it did not. */
export function witnessedBy(note: string, size: number, witness: VerifierKey): VerifyReport['witnessed'] {
  const seconds = cosignedAt(note, witness);
  return seconds === null ? null : { size, time: new Date(seconds * 1000).toISOString() };
}

export const unwitnessed = (witness: VerifierKey): string =>
  `No head that holds carries the cosignature of the witness ${witness.name} with key ${witness.id}.`;
