import { fromBase64, sameBytes, toHex, type Bytes } from './merkle';

/** A log's public key, as C2SP signed-note writes it: `<name>+<8 hexadecimal digits>+<base64>`. */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly raw: Bytes;
}

/** What a signed head says. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** The signed text and the bytes of the signature by the key of this id. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly bytes: Bytes }[];
}

const ED25519 = 1;
const encoder = new TextEncoder();

/** Reads a key and checks that its id belongs to it. Throws an Error with a sentence. */
export async function parseKey(text: string): Promise<VerifierKey> {
  const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim());
  if (!match) throw new Error('A public key of an audit log looks like name+id+base64.');
  const [, name, id, encoded] = match as unknown as [string, string, string, string];
  const typed = fromBase64(encoded);
  const named = new Uint8Array([...encoder.encode(`${name}\n`), ...typed]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', named));
  if (typed[0] !== ED25519 || toHex(digest.slice(0, 4)) !== id)
    throw new Error('The key id does not belong to the public key: a part was changed.');
  return { name, id, raw: typed.slice(1) };
}

/** Reads a C2SP checkpoint: origin, size, root, more lines, an empty line, signatures. Throws an Error with a sentence. */
export function parseCheckpoint(note: string): Checkpoint {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  if (end < 0 || !origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || !root)
    throw new Error('This is not a checkpoint: origin, size, root, signature.');
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([dash, name, encoded]) => dash === '\u2014' && name && encoded)
    .map(([, name, encoded]) => {
      const bytes = fromBase64(encoded!);
      return { name: name!, id: toHex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
    });
  return { origin, size: Number(size), root: fromBase64(root), text, signatures };
}

/** True if the key's owner signed this text (Ed25519). */
export async function fits({ raw }: VerifierKey, signature: Bytes, text: string): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, encoder.encode(text));
}

/** True if one of the signatures is of this key and fits the text (Ed25519). */
export async function isSigned({ origin, text, signatures }: Checkpoint, key: VerifierKey): Promise<boolean> {
  if (origin !== key.name) return false;
  for (const { name, id, bytes } of signatures) {
    if (name !== key.name || id !== key.id) continue;
    if (await fits(key, bytes, text)) return true;
  }
  return false;
}

export const sameKey = (left: VerifierKey, right: VerifierKey): boolean =>
  left.name === right.name && sameBytes(left.raw, right.raw);
