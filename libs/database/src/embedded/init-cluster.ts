import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '@steward/kernel';
import type { ClusterLocation } from './cluster-location';

const run = promisify(execFile);

/** The name of the owner's role and of the database. */
export const OWNER = 'steward';

function identity(location: ClusterLocation): { uid?: number; gid?: number } {
  return location.account ? { uid: location.account.uid, gid: location.account.gid } : {};
}

async function checkReach(location: ClusterLocation): Promise<void> {
  try {
    await run(join(location.bin, 'postgres'), ['--version'], { ...identity(location), cwd: location.home });
  } catch (error) {
    const who = location.account ? `The user "${location.account.name}"` : 'This user';
    throw errors.internal(
      'DATABASE.STATE_DIR_CLOSED',
      `${who} cannot run PostgreSQL from ${location.bin} in ${location.home}. Both must lie in folders open to ` +
        'that user (0755); STEWARD_STATE_DIR names another place.',
      { cause: error },
    );
  }
}

/**
 * Makes the cluster if there is none: SCRAM for every connection, UTF-8, a collation that is the same on every
 * machine. It appears under its name only when it is complete.
 */
export async function initCluster(location: ClusterLocation, password: string): Promise<void> {
  await checkReach(location);
  if (existsSync(join(location.data, 'PG_VERSION'))) return;
  const draft = join(location.home, 'data.new');
  const secret = join(location.home, 'owner.tmp');
  await rm(draft, { recursive: true, force: true });
  await writeFile(secret, password, { mode: 0o600 });
  if (location.account) await chown(secret, location.account.uid, location.account.gid);
  try {
    await run(
      join(location.bin, 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${OWNER}`,
        `--pwfile=${secret}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...identity(location), cwd: location.home, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } },
    );
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error);
    throw errors.internal('DATABASE.INIT_FAILED', `initdb failed: ${said.trim()}`, { cause: error });
  } finally {
    await rm(secret, { force: true });
  }
  await rename(draft, location.data);
}
