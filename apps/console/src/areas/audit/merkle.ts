/** RFC 6962 over WebCrypto, for verification in the browser: nothing that the server says about itself is believed. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** SHA-256. */
export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function joined(prefix: number, ...parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** MTH({d}) = SHA-256(0x00 || d), RFC 6962 section 2.1. */
export const hashLeaf = (content: Bytes): Promise<Bytes> => sha256(joined(0, content));

const hashChildren = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(1, left, right));

export const sameBytes = (left: Bytes, right: Bytes): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at]);

export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error('This is not a hexadecimal text.');
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}

export const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const toHex = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const half = (value: number): number => Math.floor(value / 2);

export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly leaf: Bytes;
  readonly path: readonly Bytes[];
  readonly root: Bytes;
}

/** True if the path leads from the leaf at `index` to the root of a tree of `size` (RFC 9162 section 2.1.3.2). */
export async function verifyInclusion({ index, size, leaf, path, root }: InclusionProof): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [at, last, node] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = await hashChildren(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else node = await hashChildren(node, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(node, root);
}

export interface ConsistencyProof {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Bytes;
  readonly newRoot: Bytes;
  readonly path: readonly Bytes[];
}

/** True if the tree of `oldRoot` is the beginning of that of `newRoot` (RFC 9162 section 2.1.4.2). */
export async function verifyConsistency(proof: ConsistencyProof): Promise<boolean> {
  const { oldSize, newSize, oldRoot, newRoot } = proof;
  if (oldSize > newSize || oldSize < 0) return false;
  if (oldSize === newSize) return proof.path.length === 0 && sameBytes(oldRoot, newRoot);
  if (oldSize === 0) return proof.path.length === 0;
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof.path] : [...proof.path];
  const first = path.shift();
  if (!first) return false;
  let [at, last] = [oldSize - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [oldHash, newHash] = [first, first];
  for (const node of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = await hashChildren(node, oldHash);
      newHash = await hashChildren(node, newHash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else newHash = await hashChildren(newHash, node);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(oldHash, oldRoot) && sameBytes(newHash, newRoot);
}
