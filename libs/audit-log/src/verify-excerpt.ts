import { AppError } from '@steward/kernel';
import { openCheckpoint, type LogHead } from './checkpoint';
import {
  cutCheckpoint,
  cutEntry,
  cutProof,
  EXCERPT_FORMAT,
  parseHeader,
  type BundleEntry,
} from './export-bundle';
import { VerifierKey } from './log-key';
import { hashLeaf } from './merkle-hash';
import { verifyInclusion } from './merkle-proof';
import { readLines } from './read-lines';
import { foreignKey, unwitnessed, witnessedBy } from './verify-bundle';
import { FaultList, type VerifyReport } from './verify-report';

/** What may be known beside the excerpt. */
export interface ExcerptOptions {
  /** A witness that must have cosigned the excerpt's head. */
  readonly witness?: VerifierKey;
  /** Called now and then with the number of entries read so far. */
  readonly onProgress?: (entries: number) => void;
}

/**
 * Verifies an excerpt of an audit log offline: that each entry in it stands in the log at its place, under one signed
 * head. It cannot know whether an entry was left out of the excerpt: that only the whole log shows.
 */
export async function verifyExcerpt(
  excerpt: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  publicKey: string | VerifierKey,
  options: ExcerptOptions = {},
): Promise<VerifyReport> {
  const key = typeof publicKey === 'string' ? VerifierKey.parse(publicKey) : publicKey;
  const verification = new ExcerptVerification(key, options.witness);
  try {
    for await (const lines of readLines(excerpt)) {
      for (const line of lines) verification.line(line);
      options.onProgress?.(verification.entries);
    }
  } catch (error) {
    if (!AppError.is(error) || error.code !== 'AUDIT.BAD_BUNDLE') throw error;
    verification.unreadable(error.message);
  }
  return verification.finish();
}

class ExcerptVerification {
  entries = 0;
  private readonly faults = new FaultList();
  private sawHeader = false;
  private sawCheckpoint = false;
  private head: LogHead | null = null;
  private witnessed: VerifyReport['witnessed'] = null;
  /** The entry whose proof must come next. */
  private pending: BundleEntry | null = null;

  constructor(
    private readonly key: VerifierKey,
    private readonly witness: VerifierKey | undefined,
  ) {}

  line(line: Buffer): void {
    if (!this.sawHeader) return this.header(line);
    if (!this.sawCheckpoint) return this.checkpoint(line);
    // Without a head that holds there is nothing to prove the entries against.
    if (!this.head) return;
    if (!this.pending) {
      // A copy: the proof may stand in the next chunk, and the line is a view of this one.
      const entry = cutEntry(line);
      if (!entry) return this.unreadable('A line where an entry must stand is none.');
      this.pending = { ...entry, content: Buffer.from(entry.content) };
      return;
    }
    const path = cutProof(line);
    if (!path) return this.unreadable(`Entry ${this.pending.index} has no proof after it.`);
    this.prove(this.pending, path, this.head);
    this.pending = null;
  }

  unreadable(message: string): void {
    this.faults.add('format', this.entries, this.entries, message);
  }

  finish(): VerifyReport {
    if (!this.sawHeader) this.unreadable('The excerpt is empty: it has no header.');
    else if (!this.head) this.unreadable('The excerpt has no head that is signed with this key.');
    if (this.pending)
      this.faults.add('truncated', this.pending.index, this.pending.index + 1, 'The last proof is cut off.');
    if (this.head && this.witness && !this.witnessed)
      this.faults.add('unwitnessed', 0, this.head.size, unwitnessed(this.witness));
    return {
      valid: this.faults.isEmpty,
      entries: this.entries,
      checkpoints: this.head ? 1 : 0,
      head: this.head && { ...this.head, root: this.head.root.toString('hex') },
      witnessed: this.witnessed,
      faults: this.faults.faults,
      moreFaults: this.faults.more,
    };
  }

  private header(line: Buffer): void {
    this.sawHeader = true;
    const header = parseHeader(line);
    if (header.format !== EXCERPT_FORMAT) this.unreadable('This is not an excerpt.');
    const foreign = foreignKey(header, this.key);
    if (foreign) this.faults.add('recomputed', 0, 0, foreign);
  }

  private checkpoint(line: Buffer): void {
    this.sawCheckpoint = true;
    const note = cutCheckpoint(line);
    if (note === null) return this.unreadable('After the header there is no signed head.');
    try {
      const { size, root, time, signature } = openCheckpoint(note, this.key);
      if (signature !== 'valid') {
        this.faults.add('recomputed', 0, size, `The head of ${size} entries is not signed with this key.`);
        return;
      }
      this.head = { size, root, time };
      this.witnessed = this.witness ? witnessedBy(note, size, this.witness) : null;
    } catch (error) {
      this.unreadable(AppError.is(error) ? error.message : 'The head cannot be read.');
    }
  }

  private prove({ content, index, leaf }: BundleEntry, path: readonly Buffer[], head: LogHead): void {
    this.entries += 1;
    const { size, root } = head;
    if (!hashLeaf(content).equals(leaf) || !verifyInclusion({ index, size, leaf, path, root }))
      this.faults.add(
        'changed',
        index,
        index + 1,
        `Entry ${index} is not what stands there in the log: its content, its place or its proof was changed.`,
      );
  }
}
