import { newId } from '@steward/kernel';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ByteBound } from './byte-bound';

const LEFT_OVER_MS = 24 * 3600 * 1000;

const isCode = (error: unknown, code: string): boolean => (error as { code?: unknown }).code === code;

/** Flushes a folder's entries, so that a name that was linked or renamed into it survives a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/**
 * Writes files so that a reader sees all of a file or nothing, and a crash loses nothing that was reported as written:
 * a temporary file in the same file system, fsync, then link (put-if-absent) or rename (replace), then fsync of the folder.
 */
export class DurableFolder {
  constructor(private readonly temporary: string) {}

  /** Removes temporary files of writers that died more than a day ago. */
  async sweep(): Promise<void> {
    await makeFolder(this.temporary);
    for (const name of await readdir(this.temporary)) {
      const file = join(this.temporary, name);
      const found = await stat(file).catch(() => null);
      if (found && Date.now() - found.mtimeMs > LEFT_OVER_MS) await rm(file, { force: true });
    }
  }

  /** Writes bytes to a temporary file, durably. The caller publishes or discards it. */
  async stage(content: Uint8Array | Readable, bound: ByteBound): Promise<string> {
    await makeFolder(this.temporary);
    const file = join(this.temporary, newId());
    const source = content instanceof Readable ? content : Readable.from(content.length ? [content] : []);
    try {
      await pipeline(source, bound, createWriteStream(file, { flags: 'wx', mode: 0o640, flush: true }));
    } catch (error) {
      await this.discard(file);
      throw error;
    }
    return file;
  }

  async discard(staged: string): Promise<void> {
    await rm(staged, { force: true });
  }

  /** Gives a staged file its name unless that is taken. A hard link fails where the name exists, in one step. */
  async publishIfAbsent(staged: string, target: string): Promise<boolean> {
    await makeFolder(dirname(target));
    try {
      await link(staged, target);
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await this.discard(staged);
      await syncFolder(dirname(target));
    }
  }

  /** Gives a staged file its name, replacing what has it. */
  async publish(staged: string, target: string): Promise<void> {
    await makeFolder(dirname(target));
    await rename(staged, target);
    await syncFolder(dirname(target));
  }

  async remove(target: string): Promise<void> {
    try {
      await rm(target);
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return;
      throw error;
    }
    await syncFolder(dirname(target));
  }
}
