/** Secret keys of 32 random bytes, kept outside the database. Names are relative paths such as `projects/lending-1`. */
export abstract class KeyFolder {
  /** The key of that name, or null. */
  abstract find(name: string): Promise<Buffer | null>;
  /** The key of that name, made on first use; who comes second gets the first one's. */
  abstract findOrMake(name: string): Promise<Buffer>;
  /** Destroys the key, and with it what is encrypted under it. Nothing happens where there is none. */
  abstract destroy(name: string): Promise<void>;
  /** Names of all keys in a folder. */
  abstract list(folder: string): Promise<string[]>;
}
