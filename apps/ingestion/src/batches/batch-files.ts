import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@steward/artifacts';
import { AppError, errors } from '@steward/kernel';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { KeyFolder } from '../keys/key-folder';
import { seal, sealChunks, unseal, unsealChunks } from '../keys/sealed';
import type { RowRule } from './row-checker';

/** One refused record. Identifier values are masked before they come here. */
export interface QuarantinedRow {
  /** Number of the record in its batch, from 1. */
  readonly row: number;
  /** Physical line of the file where it begins; null for labelled rows. */
  readonly line: number | null;
  /** The column at fault, or null where the record cannot be split into columns. */
  readonly column: string | null;
  readonly rule: RowRule;
  readonly value: string | null;
  /** Whose record it was: HMAC of the identifier, or pseudonym. For erasure alone; never shown. */
  readonly subject?: string;
}

/** Rows in one quarantine file. */
export const QUARANTINE_CHUNK = 5000;
const FOLDER = 'ingestion/batches';

/**
 * A batch's upload and its quarantine: files encrypted under a key of the batch. Destroying the key and deleting the
 * files are one act here.
 */
@Injectable()
export class BatchFiles {
  constructor(
    private readonly objects: ObjectStore,
    private readonly keys: KeyFolder,
  ) {}

  /** Keeps an upload. Throws INGESTION.UPLOAD_TOO_LARGE, INGESTION.UPLOAD_CUT (the sender went away). */
  async stage(
    batchId: string,
    source: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ digest: string; bytes: number }> {
    const key = await this.keys.findOrMake(keyOf(batchId));
    const path = `${FOLDER}/${batchId}/upload`;
    const hash = createHash('sha256');
    let bytes = 0;
    async function* bounded(): AsyncGenerator<Uint8Array> {
      for await (const chunk of readUpload(source)) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    }
    await this.objects.putStream(path, Readable.from(sealChunks(key, bounded(), path)), {
      // The seal adds a nonce and a tag.
      maxBytes: maxBytes + 64,
    });
    return { digest: hash.digest('hex'), bytes };
  }

  async *upload(batchId: string): AsyncGenerator<Buffer> {
    const path = `${FOLDER}/${batchId}/upload`;
    yield* unsealChunks(await this.key(batchId), await this.objects.getStream(path), path);
  }

  /** Keeps up to QUARANTINE_CHUNK rows; `chunk` counts from 0. */
  async putQuarantine(batchId: string, chunk: number, rows: readonly QuarantinedRow[]): Promise<void> {
    const key = await this.keys.findOrMake(keyOf(batchId));
    const path = quarantinePath(batchId, chunk);
    await this.objects.put(path, seal(key, Buffer.from(JSON.stringify(rows)), path));
  }

  async quarantine(batchId: string, chunk: number): Promise<QuarantinedRow[]> {
    const path = quarantinePath(batchId, chunk);
    const plain = unseal(await this.key(batchId), await this.objects.get(path), path);
    return JSON.parse(plain.toString('utf8')) as QuarantinedRow[];
  }

  /** What lies there of a batch's quarantine, by chunk: paths of the encrypted files. */
  async quarantinePaths(batchId: string): Promise<string[]> {
    const paths = await this.objects.list(`${FOLDER}/${batchId}`);
    return paths.filter((path) => path.startsWith(`${FOLDER}/${batchId}/quarantine-`));
  }

  /** True where an upload of this batch is left: its maker is at work, or died. */
  hasUpload(batchId: string): Promise<boolean> {
    return this.objects.exists(`${FOLDER}/${batchId}/upload`);
  }

  /** The upload is needed until its batch is committed, and no longer. */
  async discardUpload(batchId: string): Promise<void> {
    await this.objects.delete(`${FOLDER}/${batchId}/upload`);
  }

  async discardAll(batchId: string): Promise<void> {
    await this.keys.destroy(keyOf(batchId));
    for (const path of await this.objects.list(`${FOLDER}/${batchId}`)) await this.objects.delete(path);
  }

  /** Ids of all batches that have files or a key. */
  async batchIds(): Promise<string[]> {
    const paths = await this.objects.list(FOLDER);
    return [
      ...new Set([...(await this.keys.list('batches')), ...paths.map((path) => path.split('/')[2] ?? '')]),
    ];
  }

  private async key(batchId: string): Promise<Buffer> {
    const key = await this.keys.find(keyOf(batchId));
    if (key) return key;
    throw errors.notFound('INGESTION.QUARANTINE_DELETED', 'The quarantine of this batch has been deleted.');
  }
}

const keyOf = (batchId: string): string => `batches/${batchId}`;
const quarantinePath = (batchId: string, chunk: number): string =>
  `${FOLDER}/${batchId}/quarantine-${String(chunk).padStart(6, '0')}`;

async function* readUpload(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    if (AppError.is(error)) throw error;
    throw errors.invalid('INGESTION.UPLOAD_CUT', 'The upload ended before it was complete. Send it again.', {
      cause: error,
    });
  }
}

const tooLarge = (maxBytes: number): Error =>
  errors.limit(
    'INGESTION.UPLOAD_TOO_LARGE',
    `The upload is larger than ${maxBytes} bytes. Split it into batches.`,
    {
      details: { maxBytes },
    },
  );
