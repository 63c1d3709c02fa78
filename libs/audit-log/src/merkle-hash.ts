import { hash } from 'node:crypto';

/** Length of a SHA-256 hash in bytes. */
export const HASH_BYTES = 32;

/** Root of the empty tree: SHA-256 of no bytes (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

const pair = Buffer.alloc(1 + 2 * HASH_BYTES);
pair[0] = 0x01;
let scratch = Buffer.alloc(4096);

/** MTH({d}) = SHA-256(0x00 || d), RFC 6962 §2.1. */
export function hashLeaf(content: Uint8Array): Buffer {
  if (content.length >= scratch.length) scratch = Buffer.alloc(2 * content.length + 1);
  scratch[0] = 0x00;
  scratch.set(content, 1);
  return hash('sha256', scratch.subarray(0, content.length + 1), 'buffer');
}

/** SHA-256(0x01 || left || right), RFC 6962 §2.1: the hash of an inner node from those of its two children. */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}
