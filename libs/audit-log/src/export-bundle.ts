import { errors } from '@steward/kernel';
import { HASH_BYTES } from './merkle-hash';
import type { VerifierKey } from './log-key';

/** Name and version of the bundle's format, in its first line. */
export const BUNDLE_FORMAT = 'steward-audit-bundle/v1';
/** The same of an excerpt: chosen entries, each with a proof that it stands in the log under one signed head. */
export const EXCERPT_FORMAT = 'steward-audit-excerpt/v1';
/** Longest line of a bundle in bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** First line of a bundle. It is not signed: whoever verifies compares the key with one got by another way. */
export interface BundleHeader {
  readonly format: typeof BUNDLE_FORMAT | typeof EXCERPT_FORMAT;
  /** The log's name. */
  readonly origin: string;
  readonly keyId: string;
  readonly publicKey: string;
}

/** An entry's line: its canonical JSON as it was hashed, where it stands, and its leaf hash. */
export interface BundleEntry {
  readonly content: Buffer;
  readonly index: number;
  readonly leaf: Buffer;
}

const HEAD = Buffer.from('{"entry":');
const CHECKPOINT = Buffer.from('{"checkpoint":');
const PROOF = Buffer.from('{"proof":');

/** Line with which a bundle begins, line feed included. */
export function headerLine(key: VerifierKey, format: BundleHeader['format'] = BUNDLE_FORMAT): string {
  const header: BundleHeader = {
    format,
    origin: key.name,
    keyId: key.id,
    publicKey: key.text,
  };
  return `${JSON.stringify(header)}\n`;
}

/** Line of an entry, line feed included. Entries stand in the order of their index, from 0 without a gap. */
export function entryLine(entry: BundleEntry): string {
  return `{"entry":${entry.content.toString('utf8')},"index":${entry.index},"leaf":"${entry.leaf.toString('hex')}"}\n`;
}

/** Line of a signed checkpoint, line feed included. It stands after the last entry that it covers. */
export function checkpointLine(note: string): string {
  return `${JSON.stringify({ checkpoint: note })}\n`;
}

/** Line of an excerpt after the entry that it proves: the hashes of its audit path, nearest first; line feed included. */
export function proofLine(path: readonly Buffer[]): string {
  return `${JSON.stringify({ proof: path.map((hash) => hash.toString('hex')) })}\n`;
}

/** Reads the first line of a bundle or an excerpt. Throws AppError `AUDIT.BAD_BUNDLE`. */
export function parseHeader(line: Buffer): BundleHeader {
  let header: Partial<BundleHeader> | null = null;
  try {
    header = JSON.parse(line.toString('utf8')) as Partial<BundleHeader> | null;
  } catch {
    // Not JSON: told below.
  }
  if (
    (header?.format !== BUNDLE_FORMAT && header?.format !== EXCERPT_FORMAT) ||
    typeof header.origin !== 'string' ||
    typeof header.keyId !== 'string'
  )
    throw errors.invalid(
      'AUDIT.BAD_BUNDLE',
      `The file does not begin with the header of a ${BUNDLE_FORMAT} or a ${EXCERPT_FORMAT}.`,
    );
  return header as BundleHeader;
}

const LEAF_DIGITS = 2 * HASH_BYTES;
/** `"` and `}` close a line after the leaf's digits. */
const TAIL_BYTES = LEAF_DIGITS + 2;
const LEAF_MARK = Buffer.from(',"leaf":"');
const INDEX_MARK = Buffer.from(',"index":');

/**
 * Cuts an entry's line into its parts without parsing the JSON in it: the bytes that were hashed stand in the line as
 * they were. Null if the line is not an entry's. `content` is a view of the line.
 */
export function cutEntry(line: Buffer): BundleEntry | null {
  const leafEnd = line.length - 2;
  const leafStart = line.length - TAIL_BYTES;
  const mark = leafStart - LEAF_MARK.length;
  if (mark < HEAD.length || !startsWith(line, HEAD, 0) || !startsWith(line, LEAF_MARK, mark)) return null;
  if (line[leafEnd] !== 0x22 || line[leafEnd + 1] !== 0x7d) return null;
  let digit = mark;
  let index = 0;
  for (let weight = 1; digit > HEAD.length; weight *= 10) {
    const value = line[digit - 1]! - 0x30;
    if (value < 0 || value > 9) break;
    digit -= 1;
    index += value * weight;
  }
  const contentEnd = digit - INDEX_MARK.length;
  if (digit === mark || !Number.isSafeInteger(index) || contentEnd < HEAD.length) return null;
  if (!startsWith(line, INDEX_MARK, contentEnd)) return null;
  const leaf = Buffer.from(line.toString('latin1', leafStart, leafEnd), 'hex');
  return leaf.length === HASH_BYTES ? { content: line.subarray(HEAD.length, contentEnd), index, leaf } : null;
}

/** The note of a checkpoint's line, or null if the line is none. */
export function cutCheckpoint(line: Buffer): string | null {
  if (!startsWith(line, CHECKPOINT, 0)) return null;
  try {
    const { checkpoint } = JSON.parse(line.toString('utf8')) as { checkpoint?: unknown };
    return typeof checkpoint === 'string' ? checkpoint : null;
  } catch {
    return null;
  }
}

/** The hashes of a proof's line, or null if the line is none. */
export function cutProof(line: Buffer): Buffer[] | null {
  if (!startsWith(line, PROOF, 0)) return null;
  try {
    const { proof } = JSON.parse(line.toString('utf8')) as { proof?: unknown };
    if (!Array.isArray(proof)) return null;
    const hashes = proof.map((hash) => Buffer.from(String(hash), 'hex'));
    return hashes.every((hash) => hash.length === HASH_BYTES) ? hashes : null;
  } catch {
    return null;
  }
}

function startsWith(line: Buffer, mark: Buffer, at: number): boolean {
  return at + mark.length <= line.length && mark.equals(line.subarray(at, at + mark.length));
}
