import { errors, newId } from '@steward/kernel';
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeyFolder } from './key-folder';

const KEY_BYTES = 32;
const NAME = /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/;
const isCode = (error: unknown, code: string): boolean => (error as { code?: unknown }).code === code;

/** Keys as files of mode 0600 in folders of mode 0700. */
export class LocalKeyFolder extends KeyFolder {
  constructor(private readonly root: string) {
    super();
  }

  async find(name: string): Promise<Buffer | null> {
    let key: Buffer;
    try {
      key = await readFile(this.fileOf(name));
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null;
      throw error;
    }
    if (key.length === KEY_BYTES) return key;
    throw errors.internal('INGESTION.KEY_DAMAGED', `The key ${name} does not have ${KEY_BYTES} bytes.`);
  }

  async findOrMake(name: string): Promise<Buffer> {
    const found = await this.find(name);
    if (found) return found;
    const file = this.fileOf(name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const staged = join(dirname(file), `${newId()}.tmp`);
    try {
      await write(staged, randomBytes(KEY_BYTES));
      // A link fails where the name exists, so that of two makers both get the first one's key.
      await link(staged, file).catch((error: unknown) => {
        if (!isCode(error, 'EEXIST')) throw error;
      });
    } finally {
      await rm(staged, { force: true });
    }
    await flushFolder(dirname(file));
    const key = await this.find(name);
    if (key) return key;
    throw errors.internal('INGESTION.KEY_GONE', `The key ${name} went away while it was made.`);
  }

  async destroy(name: string): Promise<void> {
    await rm(this.fileOf(name), { force: true });
  }

  async list(folder: string): Promise<string[]> {
    try {
      const names = await readdir(join(this.root, folder));
      return names.filter((name) => NAME.test(name)).sort();
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  private fileOf(name: string): string {
    if (NAME.test(name)) return join(this.root, name);
    throw errors.internal(
      'INGESTION.KEY_NAME',
      'A key name holds lower-case letters, digits, hyphens and slashes.',
    );
  }
}

async function write(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
