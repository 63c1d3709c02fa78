import { errors, sha256 } from '@steward/kernel';
import { canonicalJson } from './canonical-json';
import type { LogKey, VerifierKey } from './log-key';

/** A document with the signature of an audit log's key: whoever has the public key checks it offline. */
export interface SignedDocument<Content extends object = object> {
  readonly document: Content;
  /** SHA-256 of the document as canonical JSON (RFC 8785). */
  readonly digest: string;
  readonly signature: {
    /** Name of the log and id of its key, as its checkpoints carry them. */
    readonly origin: string;
    readonly keyId: string;
    /** Ed25519 over `<kind>`, line feed, `<digest>`, line feed; base64. */
    readonly value: string;
  };
}

/** Signs a document. `kind` (`steward-erasure-certificate/1`) keeps one kind's signature from passing for another's. */
export function signDocument<Content extends object>(
  kind: string,
  document: Content,
  key: LogKey,
): SignedDocument<Content> {
  const digest = sha256(canonicalJson(document));
  const { name: origin, id: keyId } = key.verifier;
  return {
    document,
    digest,
    signature: { origin, keyId, value: key.sign(statement(kind, digest)).toString('base64') },
  };
}

/** Throws AUDIT.BAD_DOCUMENT where the document was changed or is not signed with this key as this kind. */
export function verifyDocument(kind: string, signed: SignedDocument, key: VerifierKey): void {
  if (sha256(canonicalJson(signed.document)) !== signed.digest)
    throw errors.invalid(
      'AUDIT.BAD_DOCUMENT',
      'The document is not the one that was signed: a part was changed.',
    );
  if (!key.verify(statement(kind, signed.digest), Buffer.from(signed.signature.value, 'base64')))
    throw errors.invalid(
      'AUDIT.BAD_DOCUMENT',
      `The document is not signed with key ${key.id} of ${key.name}.`,
    );
}

const statement = (kind: string, digest: string): string => `${kind}\n${digest}\n`;
