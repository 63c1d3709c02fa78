import { sha256 } from '@steward/kernel';
import canonicalize from 'canonicalize';

/**
 * The digest that an audit entry holds of its note: SHA-256 of the salt, a line feed, and the canonical JSON (RFC 8785)
 * of {reason, address}. The salt is erased with the note, so the digest then says nothing about the text.
 */
export function auditNoteDigest(note: {
  readonly salt: string;
  readonly reason: string | null;
  readonly address: string | null;
}): string {
  return sha256(`${note.salt}\n${canonicalize({ reason: note.reason, address: note.address })}`);
}
