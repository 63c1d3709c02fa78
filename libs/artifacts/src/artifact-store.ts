import type { Readable } from 'node:stream';

/** What is read into memory at once unless the caller says otherwise: 256 MiB. */
export const DEFAULT_READ_BYTES = 256 * 1024 * 1024;

/** The largest object that a store takes unless it is made with another bound: 1 GiB. */
export const DEFAULT_OBJECT_BYTES = 1024 * 1024 * 1024;

/** Where bytes live: a local folder by default, any S3-compatible store in production. Abstract class = injection token. */
export abstract class ArtifactStore {
  /**
   * Stores bytes under their SHA-256 and returns it. Storing the same bytes twice is one object.
   * Throws ARTIFACT.TOO_LARGE (over `maxBytes`, default the store's own bound); nothing is kept then.
   */
  abstract put(
    content: Uint8Array | Readable,
    options?: { maxBytes?: number },
  ): Promise<{ digest: string; size: number }>;

  /**
   * The bytes of a content-addressed artifact, verified against their digest.
   * Throws ARTIFACT.INVALID_DIGEST, ARTIFACT.NOT_FOUND, ARTIFACT.TOO_LARGE (over `maxBytes`, default 256 MiB),
   * ARTIFACT.CORRUPT.
   */
  abstract read(digest: string, options?: { maxBytes?: number }): Promise<Buffer>;

  abstract has(digest: string): Promise<boolean>;

  /**
   * Deletes durably; nothing happens where there is no such artifact. The same bytes are one object, whoever stored them:
   * the caller knows that nothing else names this digest. Throws ARTIFACT.INVALID_DIGEST.
   */
  abstract delete(digest: string): Promise<void>;

  /** Objects by path (Delta tables, upload staging). Paths are relative, `/`-separated, checked against traversal. */
  abstract readonly objects: ObjectStore;
}

/**
 * Path-named objects with the one primitive that Delta needs: put-if-absent. Every method throws
 * ARTIFACT.INVALID_PATH for a path that is not one (see `objectPath`).
 */
export abstract class ObjectStore {
  /** Writes atomically and durably (fsync); false if an object of that path exists already, whose bytes are kept. */
  abstract putIfAbsent(path: string, content: Uint8Array): Promise<boolean>;
  /** Writes atomically and durably, replacing what is there. */
  abstract put(path: string, content: Uint8Array): Promise<void>;
  /**
   * As `put`, from a stream and in bounded memory. Throws ARTIFACT.TOO_LARGE (over `maxBytes`, default the store's own
   * bound) or what the stream throws; nothing is kept then. Returns the size.
   */
  abstract putStream(path: string, content: Readable, options?: { maxBytes?: number }): Promise<number>;
  /** Throws ARTIFACT.NOT_FOUND, ARTIFACT.TOO_LARGE (over `maxBytes`, default 256 MiB). */
  abstract get(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
  /** As `get`, in bounded memory. The caller reads the stream to its end or destroys it. */
  abstract getStream(path: string): Promise<Readable>;
  abstract exists(path: string): Promise<boolean>;
  /** Paths of all objects in the folder `prefix` (empty: all) and below, sorted by code unit. */
  abstract list(prefix: string): Promise<string[]>;
  /** Deletes durably; nothing happens where there is no such object. */
  abstract delete(path: string): Promise<void>;
  /** `file:` or `s3:` URL for people and for other systems' clients (deltalake). */
  abstract urlOf(path: string): string;
}
