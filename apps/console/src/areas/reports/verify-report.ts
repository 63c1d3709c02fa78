import canonicalize from 'canonicalize';
import { fits, isSigned, parseCheckpoint, parseKey } from '../audit/checkpoint';
import { fromBase64, fromHex, hashLeaf, sha256, toHex, verifyInclusion, type Bytes } from '../audit/merkle';
import { check, type Check } from '../audit/verify-entry';

/** What keeps a report's signature from passing for that of another kind of document (libs/audit-log). */
const REPORT_MANIFEST = 'steward-report/1';

/** What governance answers for the proof of a report. */
export interface ReportProofAnswer {
  readonly manifest: {
    readonly document: {
      readonly report: string;
      readonly files: Readonly<Record<string, { readonly digest: string }>>;
    };
    readonly digest: string;
    readonly signature: { readonly origin: string; readonly keyId: string; readonly value: string };
  };
  /** Null: the audit log has not taken it yet. */
  readonly entry: {
    readonly index: number;
    readonly content: string;
    readonly path: readonly string[];
    readonly checkpoint: string;
  } | null;
}

export interface ReportVerification {
  readonly holds: boolean;
  readonly checks: readonly Check[];
}

interface Claims {
  readonly proof: ReportProofAnswer;
  readonly publicKey: string;
  /** The report that was asked for. */
  readonly report: string;
  /** The files as they came, by format. */
  readonly files: Readonly<Record<string, Bytes>>;
}

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);

/** True if the entry is the one by which this very manifest was issued. */
function issues(content: string, report: string, manifest: string): boolean {
  const { action, object, details } = JSON.parse(content) as {
    action?: unknown;
    object?: { id?: unknown };
    details?: { manifest?: unknown };
  };
  return action === 'report.issue' && object?.id === report && details?.manifest === manifest;
}

/**
 * Checks a report as `steward report verify` does, with WebCrypto alone: the manifest is the signed one and names the
 * digest of every file, and the signed log holds the entry by which it was issued.
 */
export async function verifyReport({ proof, publicKey, report, files }: Claims): Promise<ReportVerification> {
  const { manifest, entry } = proof;
  const { document, digest, signature } = manifest;
  const named = await Promise.all(
    Object.entries(files).map(([format, bytes]) =>
      check(`File ${format}`, async () => {
        const found = toHex(await sha256(bytes));
        return [document.files[format]?.digest === found, `Its SHA-256 is ${found.slice(0, 16)}….`];
      }),
    ),
  );
  const checks = [
    await check('Manifest', async () => [
      document.report === report && toHex(await sha256(bytesOf(canonicalize(document) ?? ''))) === digest,
      `The list of files of report ${report.slice(0, 60)} has the digest ${digest.slice(0, 16)}….`,
    ]),
    await check('Signature', async () => {
      const key = await parseKey(publicKey);
      const signed = await fits(key, fromBase64(signature.value), `${REPORT_MANIFEST}\n${digest}\n`);
      return [
        signed && signature.origin === key.name && signature.keyId === key.id,
        `The list is signed with Ed25519 key ${key.id} of ${key.name}.`,
      ];
    }),
    ...named,
    await check('Entry', () =>
      Promise.resolve(
        entry === null
          ? [false, 'The audit log has not taken the report yet.']
          : [issues(entry.content, report, digest), `Entry ${entry.index} says that this list was issued.`],
      ),
    ),
    ...(entry === null ? [] : await placeOf(entry, publicKey)),
  ];
  return { holds: checks.every((each) => each.holds), checks };
}

async function placeOf(
  { index, content, path, checkpoint }: NonNullable<ReportProofAnswer['entry']>,
  publicKey: string,
): Promise<Check[]> {
  return [
    await check('Place', async () => {
      const { size, root } = parseCheckpoint(checkpoint);
      const leaf = await hashLeaf(bytesOf(content));
      const holds = await verifyInclusion({ index, size, leaf, path: path.map(fromHex), root });
      return [holds, `${path.length} hashes lead from entry ${index} to the root of ${size} entries.`];
    }),
    await check('Head', async () => {
      const key = await parseKey(publicKey);
      return [
        await isSigned(parseCheckpoint(checkpoint), key),
        `The head of the log is signed with key ${key.id} of ${key.name}.`,
      ];
    }),
  ];
}

/** Which file of the report a file is, by its SHA-256; null: none. */
export async function formatOf(proof: ReportProofAnswer, bytes: Bytes): Promise<string | null> {
  const digest = toHex(await sha256(bytes));
  const found = Object.entries(proof.manifest.document.files).find(([, file]) => file.digest === digest);
  return found?.[0] ?? null;
}
