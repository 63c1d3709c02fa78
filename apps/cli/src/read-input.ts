import { createReadStream, readFileSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { errors } from '@steward/kernel';
import { parseDocument } from 'yaml';

/** Definitions (contract, pipeline, monitor) are small; a larger file is a mistake. */
const LARGEST_DEFINITION = 4 * 1024 * 1024;

const unreadable = (file: string, error: unknown) =>
  errors.invalid(
    'CLI.FILE_UNREADABLE',
    `The file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none.' : (error as Error).message}`,
  );

/** The text of a YAML or JSON definition. */
export function readDefinition(file: string): string {
  try {
    if (statSync(file).size > LARGEST_DEFINITION)
      throw new Error('it is larger than 4 MiB, which no definition is');
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What stands in a YAML or JSON file; throws an AppError of this code where it is none. */
export function readYaml(file: string, code: string): unknown {
  const document = parseDocument(readDefinition(file), { schema: 'core', uniqueKeys: true });
  const [fault] = document.errors;
  if (fault) throw errors.invalid(code, `${file} is no YAML: ${fault.message}`);
  return document.toJS({ maxAliasCount: 20 }) as unknown;
}

/** A file's bytes piece by piece and how many there are; throws CLI.FILE_UNREADABLE before anything is sent. */
export function openFile(file: string): { size: number; bytes: Readable } {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) throw new Error('it is a folder');
    return { size: stats.size, bytes: createReadStream(file) };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Passes bytes on and says how many went by. */
export async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (total: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    onBytes(total);
    yield chunk;
  }
}
