import { errors, type AppError } from '@steward/kernel';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { tooLarge } from './byte-bound';

const GONE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** True if a file system error says that there is no such file. */
export function isGone(error: unknown): boolean {
  return GONE.has(String((error as { code?: unknown }).code));
}

export function notFound(name: string): AppError {
  return errors.notFound('ARTIFACT.NOT_FOUND', 'There is no such object in the artifact store.', {
    details: { name },
  });
}

/** Opens a regular file; `name` is what the caller called it. Throws ARTIFACT.NOT_FOUND. */
export async function openFile(file: string, name: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const found = await handle.stat();
    if (found.isFile()) return { handle, size: found.size };
  } catch (error) {
    await handle?.close();
    if (!isGone(error)) throw error;
    throw notFound(name);
  }
  await handle.close();
  throw notFound(name);
}

/** Reads a whole file of bounded size. Throws ARTIFACT.NOT_FOUND, ARTIFACT.TOO_LARGE. */
export async function readBounded(file: string, name: string, maxBytes: number): Promise<Buffer> {
  const { handle, size } = await openFile(file, name);
  try {
    if (size > maxBytes) throw tooLarge(maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Paths of the regular files below a folder, relative to it; none where there is no such folder. */
export async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
  const found: string[] = [];
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(`${folder}/${entry.name}`, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
