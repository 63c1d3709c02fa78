import type { ContractColumn, DatasetContract } from '@steward/contracts';
import { sha256 } from '@steward/kernel';
import { createHash, type Hash } from 'node:crypto';
import type { CellValue } from './column-values';

/**
 * The digests of content, the same in every installation. Byte formats:
 *
 * A row is its feature, label, sensitive and time values (never identifiers) in the order of the contract's columns,
 * each as one tag byte and its value, numbers big-endian: 00 missing; 01 string: length in bytes (uint32), UTF-8;
 * 02 number: IEEE 754 double; 03 integer: int64; 04 boolean: one byte 00 or 01; 05 timestamp: milliseconds, int64.
 * The row's digest is SHA-256 of that.
 *
 * A batch's content digest is SHA-256 of the ASCII text `steward-batch-content/1\n` and its accepted rows' digests, 32
 * bytes each, in order of row.
 *
 * A dataset version's digest is SHA-256 of the ASCII text `steward-dataset-version/1\n` and, for each of its batches in
 * order, one line `<contract version> <batch digest> <content digest>\n`, digests in lower-case hexadecimal.
 */
export class RowDigester {
  private readonly content: readonly { at: number; column: ContractColumn }[];

  constructor(contract: DatasetContract) {
    this.content = contract.columns
      .map((column, at) => ({ at, column }))
      .filter(({ column }) => column.class !== 'identifier');
  }

  digest(values: readonly CellValue[]): Buffer {
    const hash = createHash('sha256');
    for (const { at, column } of this.content) hash.update(encodeValue(column, values[at] ?? null));
    return hash.digest();
  }
}

/** Takes the accepted rows' digests in order. */
export class ContentDigest {
  private readonly hash: Hash = createHash('sha256').update('steward-batch-content/1\n');

  add(rowDigest: Uint8Array): void {
    this.hash.update(rowDigest);
  }

  /** Ends the digest: nothing can be added any more. */
  finish(): string {
    return this.hash.digest('hex');
  }
}

/** One batch as a dataset version's digest sees it. */
export interface BatchContent {
  readonly contractVersion: number;
  readonly digest: string;
  readonly contentDigest: string;
}

export function versionDigest(batches: readonly BatchContent[]): string {
  const lines = batches.map((batch) => `${batch.contractVersion} ${batch.digest} ${batch.contentDigest}\n`);
  return sha256(`steward-dataset-version/1\n${lines.join('')}`);
}

/** The digest of a labelled batch, which has no bytes of its own: of its rows' digests in their order. */
export function labelledBatchDigest(rowDigests: readonly string[]): string {
  return sha256(`steward-labelled-batch/1\n${rowDigests.map((digest) => `${digest}\n`).join('')}`);
}

function encodeValue({ type }: ContractColumn, value: CellValue): Buffer {
  if (value === null) return Buffer.from([0]);
  switch (type) {
    case 'string': {
      const text = Buffer.from(String(value));
      const head = Buffer.alloc(5);
      head[0] = 1;
      head.writeUInt32BE(text.length, 1);
      return Buffer.concat([head, text]);
    }
    case 'number': {
      const bytes = Buffer.alloc(9);
      bytes[0] = 2;
      bytes.writeDoubleBE(Number(value), 1);
      return bytes;
    }
    case 'boolean':
      return Buffer.from([4, value === true ? 1 : 0]);
    case 'integer':
    case 'timestamp': {
      const bytes = Buffer.alloc(9);
      bytes[0] = type === 'integer' ? 3 : 5;
      bytes.writeBigInt64BE(BigInt(value), 1);
      return bytes;
    }
  }
}
