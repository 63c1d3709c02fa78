import type { Readable } from 'node:stream';

/** Where bytes live: a local folder by default, any S3-compatible store in production. Abstract class = injection token. */
export abstract class ArtifactStore {
  /** Stores bytes under their SHA-256 and returns it. Storing the same bytes twice is one object. */
  abstract put(content: Uint8Array | Readable): Promise<{ digest: string; size: number }>;

  /**
   * The bytes of a content-addressed artifact, verified against their digest.
   * Throws ARTIFACT.NOT_FOUND, ARTIFACT.TOO_LARGE (over `maxBytes`, default 256 MiB), ARTIFACT.CORRUPT.
   */
  abstract read(digest: string, options?: { maxBytes?: number }): Promise<Buffer>;

  abstract has(digest: string): Promise<boolean>;

  /** Objects by path (Delta tables, upload staging). Paths are relative, `/`-separated, checked against traversal. */
  abstract readonly objects: ObjectStore;
}

/** Path-named objects with the one primitive that Delta needs: put-if-absent. */
export abstract class ObjectStore {
  /** Writes atomically and durably (fsync); false if an object of that path exists already, whose bytes are kept. */
  abstract putIfAbsent(path: string, content: Uint8Array): Promise<boolean>;
  /** Writes atomically and durably, replacing what is there. */
  abstract put(path: string, content: Uint8Array): Promise<void>;
  /** Throws ARTIFACT.NOT_FOUND. */
  abstract get(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
  abstract exists(path: string): Promise<boolean>;
  /** Paths below a prefix, sorted by name. */
  abstract list(prefix: string): Promise<string[]>;
  abstract delete(path: string): Promise<void>;
  /** `file:` or `s3:` URL for people and for other systems' clients (deltalake). */
  abstract urlOf(path: string): string;
}
