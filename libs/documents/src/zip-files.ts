import { errors } from '@steward/kernel';
import { zipSync, type Zippable } from 'fflate';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/**
 * A ZIP archive (deflate) of files by name, in memory. The same files and moment give the same bytes.
 * Throws DOCUMENT.FILE_NAME for a name that could leave the folder into which it is unpacked.
 */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>, at: Date): Buffer {
  const entries: Zippable = {};
  for (const [name, bytes] of files) {
    if (!NAME.test(name)) {
      throw errors.invalid(
        'DOCUMENT.FILE_NAME',
        'A file in an archive is named by letters, digits, . _ and -.',
      );
    }
    entries[name] = [bytes, { mtime: at, level: 6 }];
  }
  return Buffer.from(zipSync(entries));
}
