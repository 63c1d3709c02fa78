import canonicalize from 'canonicalize';
import { parseKey } from '../audit/checkpoint';
import { fromBase64, toHex } from '../audit/merkle';

/** What was destroyed where, and what stays until when, as governance signs it. */
export interface CertificateAnswer {
  readonly document: {
    readonly format: string;
    readonly requestId: string;
    readonly pseudonym: string;
    readonly completedAt: string;
    readonly services: readonly {
      readonly service: string;
      readonly destroyed: readonly {
        readonly store: string;
        readonly name: string;
        readonly items: number;
        readonly oldDigest: string | null;
        readonly newDigest: string | null;
      }[];
      readonly remaining: readonly {
        readonly name: string;
        readonly why: string;
        readonly until: string | null;
      }[];
    }[];
    readonly models: readonly { readonly model: string; readonly version: number }[];
    readonly note: string;
  };
  readonly digest: string;
  readonly signature: { readonly origin: string; readonly keyId: string; readonly value: string };
}

const KIND = 'steward-erasure-certificate/1';
const encoder = new TextEncoder();

/**
 * Null if the certificate is whole and signed with this key of the audit log, as a certificate; else what does not hold.
 * With WebCrypto alone: SHA-256 over the canonical JSON, Ed25519 over kind and digest.
 */
export async function certificateFault(
  { document, digest, signature }: CertificateAnswer,
  publicKey: string,
): Promise<string | null> {
  const key = await parseKey(publicKey);
  const hash = await crypto.subtle.digest('SHA-256', encoder.encode(canonicalize(document)));
  if (toHex(new Uint8Array(hash)) !== digest)
    return 'The certificate is not the one that was signed: a part was changed.';
  const imported = await crypto.subtle.importKey('raw', key.raw, { name: 'Ed25519' }, false, ['verify']);
  const signed = encoder.encode(`${KIND}\n${digest}\n`);
  const holds =
    document.format === KIND &&
    (await crypto.subtle.verify({ name: 'Ed25519' }, imported, fromBase64(signature.value), signed));
  return holds ? null : `It is not signed with key ${key.id} of ${key.name}.`;
}
