import canonicalize from 'canonicalize';
import { parseKey } from './checkpoint';
import { fromBase64, toHex } from './merkle';

/** A document as governance signs it with the key of the audit log: a certificate of an erasure, evidence of a deletion. */
export interface SignedAnswer<Document extends { readonly format: string } = { readonly format: string }> {
  readonly document: Document;
  readonly digest: string;
  readonly signature: { readonly origin: string; readonly keyId: string; readonly value: string };
}

const encoder = new TextEncoder();

/**
 * Null if the document is whole and signed with this key of the audit log, as one of this kind; else what does not hold.
 * With WebCrypto alone: SHA-256 over the canonical JSON, Ed25519 over kind and digest.
 */
export async function signatureFault(
  kind: string,
  { document, digest, signature }: SignedAnswer,
  publicKey: string,
): Promise<string | null> {
  const key = await parseKey(publicKey);
  const hash = await crypto.subtle.digest('SHA-256', encoder.encode(canonicalize(document)));
  if (toHex(new Uint8Array(hash)) !== digest) return 'This is not what was signed: a part was changed.';
  const imported = await crypto.subtle.importKey('raw', key.raw, { name: 'Ed25519' }, false, ['verify']);
  const signed = encoder.encode(`${kind}\n${digest}\n`);
  const holds =
    document.format === kind &&
    (await crypto.subtle.verify({ name: 'Ed25519' }, imported, fromBase64(signature.value), signed));
  return holds ? null : `It is not signed with key ${key.id} of ${key.name}.`;
}
