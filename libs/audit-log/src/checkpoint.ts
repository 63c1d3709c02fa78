import { errors } from '@steward/kernel';
import type { LogKey, VerifierKey } from './log-key';
import { HASH_BYTES } from './merkle-hash';

/** What a log's head says: so many entries, with this root, at this time. */
export interface LogHead {
  readonly size: number;
  readonly root: Buffer;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** A head as it was read from a signed checkpoint, and whether its signature holds under the expected key. */
export interface OpenedCheckpoint extends LogHead {
  readonly origin: string;
  /** `unknown-key`: no signature line of this key. `forged`: there is one, and it does not fit the text. */
  readonly signature: 'valid' | 'forged' | 'unknown-key';
}

const TIME = 'time ';

/**
 * Signs a head as a C2SP tlog-checkpoint in a signed note: origin, size, root in base64, an extension line with the
 * time, an empty line, the signature line.
 */
export function signCheckpoint(head: LogHead, key: LogKey): string {
  const { name, id } = key.verifier;
  const text = `${name}\n${head.size}\n${head.root.toString('base64')}\n${TIME}${head.time}\n`;
  const signature = Buffer.concat([Buffer.from(id, 'hex'), key.sign(text)]).toString('base64');
  return `${text}\n\u2014 ${name} ${signature}\n`;
}

/**
 * Reads a checkpoint and checks its signature. Throws AppError `AUDIT.BAD_CHECKPOINT` for text that is none; a
 * signature that does not hold is told by {@link OpenedCheckpoint.signature}, because what it covers is worth naming.
 */
export function openCheckpoint(note: string, key: VerifierKey): OpenedCheckpoint {
  const { text, signatures } = noteParts(note) ?? { text: '', signatures: [] };
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  const hash = fromBase64(root ?? '');
  const time = extensions.find((line) => line.startsWith(TIME))?.slice(TIME.length);
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || hash.length !== HASH_BYTES || !time)
    throw errors.invalid(
      'AUDIT.BAD_CHECKPOINT',
      'This is not a checkpoint: origin, size, root, time, signature.',
    );
  const signature = signatureState(signatures, text, origin, key);
  return { origin, size: Number(size), root: hash, time, signature };
}

/** Reads a checkpoint whose signature must hold; throws AppError `AUDIT.BAD_CHECKPOINT` if it does not. */
export function verifyCheckpoint(note: string, key: VerifierKey): LogHead {
  const opened = openCheckpoint(note, key);
  if (opened.signature !== 'valid')
    throw errors.invalid(
      'AUDIT.BAD_CHECKPOINT',
      `This checkpoint is not signed by key ${key.id} of ${key.name}.`,
    );
  return { size: opened.size, root: opened.root, time: opened.time };
}

function signatureState(
  lines: readonly string[],
  text: string,
  origin: string,
  key: VerifierKey,
): OpenedCheckpoint['signature'] {
  let state: OpenedCheckpoint['signature'] = 'unknown-key';
  for (const signature of signaturesOf(lines, key)) {
    if (origin === key.name && key.verify(text, signature)) return 'valid';
    state = 'forged';
  }
  return state;
}

/** The signed text of a note (with its last line feed) and the lines of its signatures; null where it is no note. */
export function noteParts(
  note: string,
): { readonly text: string; readonly signatures: readonly string[] } | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return null;
  return {
    text: note.slice(0, end + 1),
    signatures: note
      .slice(end + 2)
      .split('\n')
      .filter(Boolean),
  };
}

/** The bytes after the key id of each signature line under this key's name and id. */
export function* signaturesOf(lines: readonly string[], key: VerifierKey): Generator<Buffer> {
  for (const line of lines) {
    const [dash, name, encoded, ...rest] = line.split(' ');
    if (dash !== '\u2014' || name !== key.name || !encoded || rest.length > 0) continue;
    const bytes = fromBase64(encoded);
    if (bytes.subarray(0, 4).toString('hex') === key.id) yield bytes.subarray(4);
  }
}

/** Only the one canonical form of base64 counts, so that no two texts say the same; else no bytes. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : Buffer.alloc(0);
}
