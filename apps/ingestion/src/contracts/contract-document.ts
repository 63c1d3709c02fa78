import { DatasetContract } from '@steward/contracts';
import { errors, sha256 } from '@steward/kernel';
import canonicalize from 'canonicalize';
import { parseDocument } from 'yaml';
import { contractFaults } from './contract-rules';

/** The largest contract as text: 1 MiB. */
export const MAX_CONTRACT_BYTES = 1024 * 1024;

/** Reads YAML 1.2, of which JSON is a part: no tags, at most 20 aliases, unique keys. Throws INGESTION.CONTRACT_INVALID. */
export function readContractText(text: string): unknown {
  if (Buffer.byteLength(text) > MAX_CONTRACT_BYTES) throw invalid(['It is larger than 1 MiB.']);
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, prettyErrors: true });
    if (document.errors[0]) throw document.errors[0];
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw invalid([
      `It is not valid YAML or JSON: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** Checks the shape and the meaning of a contract. Throws INGESTION.CONTRACT_INVALID with one sentence a fault. */
export function parseContract(document: unknown): DatasetContract {
  const parsed = DatasetContract.safeParse(document);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues
        .slice(0, 50)
        .map((issue) => `${issue.path.join('.') || 'contract'}: ${issue.message}.`),
    );
  }
  const faults = contractFaults(parsed.data);
  if (faults.length > 0) throw invalid(faults.slice(0, 50));
  return parsed.data;
}

/** SHA-256 of the contract as canonical JSON (RFC 8785), defaults filled in: the layout of the YAML does not count. */
export function contractDigest(contract: DatasetContract): string {
  const text = canonicalize(contract);
  if (text === undefined)
    throw errors.internal('INGESTION.CONTRACT_DIGEST', 'The contract has no canonical form.');
  return sha256(text);
}

function invalid(faults: string[]): Error {
  return errors.invalid('INGESTION.CONTRACT_INVALID', `The contract is not valid. ${faults.join(' ')}`, {
    details: { faults },
  });
}
