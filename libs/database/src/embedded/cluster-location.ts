import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errors } from '@steward/kernel';
import { programsIn, programsInPlace } from './programs';
import { serverAccount, type ServerAccount } from './server-account';

/** Where an embedded server's files are. */
export interface ClusterLocation {
  /** PostgreSQL's programs. */
  readonly bin: string;
  /** The server's data; owned by {@link account}. */
  readonly data: string;
  /** Folder around the data that the server's user can write. */
  readonly home: string;
  readonly account: ServerAccount | null;
  /** Written by us, read by nobody else: the owner's password and the last port. */
  readonly secretFile: string;
}

interface Pointer {
  readonly home: string;
}

/** Holds the server's home when it lies outside the data folder. */
const pointerFile = (dataDir: string): string => join(dataDir, 'postgres.pointer.json');

/** Where homes lie when we are root and nothing else is said. */
export const DEFAULT_STATE_DIR = '/var/lib/steward';

async function readPointer(dataDir: string): Promise<Pointer | undefined> {
  const file = pointerFile(dataDir);
  if (!existsSync(file)) return undefined;
  return JSON.parse(await readFile(file, 'utf8')) as Pointer;
}

/** Writes a file that only we can read, whole or not at all. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

async function outsideHome(dataDir: string, stateDir: string): Promise<string> {
  const pointer = await readPointer(dataDir);
  if (pointer) {
    if (existsSync(join(pointer.home, 'data'))) return pointer.home;
    throw errors.conflict(
      'DATABASE.DATA_MISSING',
      `${pointerFile(dataDir)} says that the database lies in ${pointer.home}, where it is not. Put it back, or ` +
        'start with an empty data folder.',
    );
  }
  return join(stateDir, randomBytes(6).toString('hex'));
}

/** Root's server has its data where only it can reach them: starting an empty one beside it would hide them. */
async function refuseForeign(dataDir: string): Promise<void> {
  const pointer = await readPointer(dataDir);
  if (!pointer) return;
  throw errors.conflict(
    'DATABASE.DATA_MISSING',
    `${pointerFile(dataDir)} was written by root and says that the database lies in ${pointer.home}. Start as root, ` +
      'or with an empty data folder.',
  );
}

/**
 * Finds or makes the folders of a data folder's server. As root they lie under `stateDir` (0755, so that another user
 * reaches them) and the data folder keeps a pointer; otherwise under `<dataDir>/postgres`.
 */
export async function locateCluster(dataDir: string, stateDir: string): Promise<ClusterLocation> {
  const root = resolve(dataDir);
  await mkdir(root, { recursive: true });
  const account = serverAccount();
  const secretFile = join(root, 'postgres.secret.json');
  if (!account) {
    await refuseForeign(root);
    const home = join(root, 'postgres');
    await mkdir(home, { recursive: true, mode: 0o700 });
    return { bin: await programsInPlace(), data: join(home, 'data'), home, account, secretFile };
  }
  const base = resolve(stateDir);
  const home = await outsideHome(root, base);
  await mkdir(base, { recursive: true, mode: 0o755 });
  await mkdir(home, { recursive: true, mode: 0o700 });
  await chmod(home, 0o700);
  await chown(home, account.uid, account.gid);
  return { bin: await programsIn(base), data: join(home, 'data'), home, account, secretFile };
}

/** Remembers a home outside the data folder, once its data exist. */
export async function keepPointer(dataDir: string, location: ClusterLocation): Promise<void> {
  if (location.account)
    await writePrivate(pointerFile(resolve(dataDir)), JSON.stringify({ home: location.home }));
}

/** Deletes a data folder's database for good, also where it lies outside. The server must be stopped. */
export async function removeCluster(dataDir: string): Promise<void> {
  const root = resolve(dataDir);
  const pointer = await readPointer(root);
  // Only ever a folder that holds a PostgreSQL cluster: the pointer is a file that people can edit.
  if (pointer && existsSync(join(pointer.home, 'data', 'PG_VERSION'))) {
    await rm(pointer.home, { recursive: true, force: true });
  }
  await rm(join(root, 'postgres'), { recursive: true, force: true });
  for (const file of [pointerFile(root), join(root, 'postgres.secret.json')]) await rm(file, { force: true });
}
