import { AppError, sha256 } from '@steward/kernel';
import { verifyCheckpoint } from './checkpoint';
import { VerifierKey } from './log-key';
import { hashLeaf } from './merkle-hash';
import { verifyInclusion } from './merkle-proof';
import { verifyDocument, type SignedDocument } from './signed-document';
import { unwitnessed, witnessedBy } from './verify-bundle';

/** Keeps a report's signature from passing for that of another kind of document. */
export const REPORT_MANIFEST = 'steward-report/1';

/** The part of a report's manifest that verification reads. */
export interface SignedFiles {
  readonly report: string;
  readonly files: Readonly<Record<string, { readonly digest: string }>>;
}

/** What proves the files of a report offline. */
export interface ReportProof<Manifest extends SignedFiles = SignedFiles> {
  readonly manifest: SignedDocument<Manifest>;
  /** The entry of the audit log by which it was issued, with its audit path; null where the log had not taken it yet. */
  readonly entry: {
    readonly index: number;
    /** Canonical JSON. */
    readonly content: string;
    /** Hashes in hexadecimal, nearest first. */
    readonly path: readonly string[];
    readonly checkpoint: string;
  } | null;
}

/** What {@link verifyReportFile} found; `valid` is true only if there is no fault at all. */
export interface ReportFileVerdict {
  readonly valid: boolean;
  readonly faults: readonly string[];
  /** Where the report stands in the log; null where the proof does not say. */
  readonly entry: { readonly index: number; readonly logSize: number } | null;
}

/**
 * Verifies a file of a report offline: that the signed manifest names its digest, and that the audit log holds the entry
 * which issued that manifest, under a signed head (and a witness's, where one is asked for).
 */
export function verifyReportFile(
  file: Uint8Array,
  proof: ReportProof,
  publicKey: string | VerifierKey,
  witness?: VerifierKey,
): ReportFileVerdict {
  const key = typeof publicKey === 'string' ? VerifierKey.parse(publicKey) : publicKey;
  const faults: string[] = [];
  const { manifest } = proof;
  attempt(faults, () => verifyDocument(REPORT_MANIFEST, manifest, key));
  const digest = sha256(file);
  if (!Object.values(manifest.document.files).some((one) => one.digest === digest))
    faults.push(
      `The file is none of those of report ${manifest.document.report}: it was changed, or is of another.`,
    );
  const entry = proof.entry ? place(proof, key, witness, faults) : null;
  if (!proof.entry)
    faults.push('The proof does not say where the report stands in the audit log: fetch it again.');
  return { valid: faults.length === 0, faults, entry };
}

function place(
  { entry, manifest }: ReportProof,
  key: VerifierKey,
  witness: VerifierKey | undefined,
  faults: string[],
): ReportFileVerdict['entry'] {
  const { index, content, path, checkpoint } = entry!;
  const head = attempt(faults, () => verifyCheckpoint(checkpoint, key));
  if (!head) return null;
  const leaf = hashLeaf(Buffer.from(content));
  const hashes = path.map((hash) => Buffer.from(hash, 'hex'));
  if (!verifyInclusion({ index, size: head.size, leaf, path: hashes, root: head.root }))
    faults.push(`The entry is not what stands in the log as entry ${index}.`);
  if (!issues(content, manifest.document.report, manifest.digest))
    faults.push('The entry of the log is not the one by which this report was issued.');
  if (witness && !witnessedBy(checkpoint, head.size, witness)) faults.push(unwitnessed(witness));
  return { index, logSize: head.size };
}

function issues(content: string, report: string, manifest: string): boolean {
  try {
    const entry = JSON.parse(content) as {
      action?: unknown;
      object?: { id?: unknown };
      details?: { manifest?: unknown };
    };
    return (
      entry.action === 'report.issue' && entry.object?.id === report && entry.details?.manifest === manifest
    );
  } catch {
    return false;
  }
}

function attempt<Result>(faults: string[], work: () => Result): Result | null {
  try {
    return work();
  } catch (error) {
    if (!AppError.is(error)) throw error;
    faults.push(error.message);
    return null;
  }
}
