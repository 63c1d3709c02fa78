import { errors, isDigest, sha256 } from '@steward/kernel';
import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ArtifactStore, DEFAULT_OBJECT_BYTES, DEFAULT_READ_BYTES, type ObjectStore } from './artifact-store';
import { ByteBound } from './byte-bound';
import { DurableFolder } from './durable-folder';
import { isGone, readBounded } from './file-reading';
import { LocalObjectStore } from './local-object-store';

export interface LocalArtifactStoreOptions {
  /** Largest object in bytes; default 1 GiB. */
  readonly maxBytes?: number;
}

/**
 * A folder: artifacts as `sha256/ab/cdef...`, objects below `objects/`, files being written in `tmp/`. Several
 * processes may share it; it must be one file system with hard links (any Linux or macOS file system, NTFS).
 */
export class LocalArtifactStore extends ArtifactStore {
  readonly objects: ObjectStore;
  private readonly root: string;
  private readonly durable: DurableFolder;
  private readonly maxBytes: number;

  constructor(folder: string, options: LocalArtifactStoreOptions = {}) {
    super();
    this.root = resolve(folder);
    this.maxBytes = options.maxBytes ?? DEFAULT_OBJECT_BYTES;
    this.durable = new DurableFolder(join(this.root, 'tmp'));
    this.objects = new LocalObjectStore(join(this.root, 'objects'), this.durable, this.maxBytes);
  }

  /** Makes the folder and removes what dead writers left. To be called once at start. */
  async prepare(): Promise<void> {
    await this.durable.sweep();
  }

  async put(
    content: Uint8Array | Readable,
    options: { maxBytes?: number } = {},
  ): Promise<{ digest: string; size: number }> {
    const hash = createHash('sha256');
    const bound = new ByteBound(options.maxBytes ?? this.maxBytes, (chunk) => hash.update(chunk));
    const staged = await this.durable.stage(content, bound);
    const digest = hash.digest('hex');
    await this.durable.publishIfAbsent(staged, this.fileOf(digest));
    return { digest, size: bound.size };
  }

  async read(digest: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const bytes = await readBounded(this.fileOf(digest), digest, options.maxBytes ?? DEFAULT_READ_BYTES);
    if (sha256(bytes) === digest) return bytes;
    throw errors.internal('ARTIFACT.CORRUPT', 'The bytes of an artifact do not have its digest.', {
      details: { digest },
    });
  }

  async has(digest: string): Promise<boolean> {
    try {
      await access(this.fileOf(digest));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  async delete(digest: string): Promise<void> {
    await this.durable.remove(this.fileOf(digest));
  }

  private fileOf(digest: string): string {
    if (isDigest(digest)) return join(this.root, 'sha256', digest.slice(0, 2), digest.slice(2));
    throw errors.invalid(
      'ARTIFACT.INVALID_DIGEST',
      'An artifact is named by 64 lower-case hexadecimal digits.',
    );
  }
}
