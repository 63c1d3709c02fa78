import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@steward/kernel';

/** When a process was started, in clock ticks since boot: tells a process from a later one with the same id. Linux only. */
function startedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number, started: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === null || startedAt(pid) === null || startedAt(pid) === started;
}

/**
 * The folder that holds an installation's data. One supervisor at a time: a lock file names the process that holds it,
 * and a lock whose process is gone is taken over.
 */
export class DataFolder {
  private readonly lockFile: string;

  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.lockFile = join(path, 'lock.json');
  }

  /** Throws START.ALREADY_RUNNING, naming the process, when another live one holds the folder. */
  lock(): void {
    const mine = JSON.stringify({ pid: process.pid, started: startedAt(process.pid) });
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        writeFileSync(this.lockFile, mine, { flag: 'wx', mode: 0o600 });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = this.holder();
      if (holder !== null) {
        throw errors.conflict(
          'START.ALREADY_RUNNING',
          `The data folder ${this.path} is in use by process ${holder}. Stop that one first, or choose another folder with STEWARD_DATA_DIR.`,
          { details: { pid: holder } },
        );
      }
      rmSync(this.lockFile, { force: true });
    }
    throw errors.conflict(
      'START.LOCK_CONTENDED',
      `Another start takes the data folder ${this.path} right now; try again.`,
    );
  }

  unlock(): void {
    rmSync(this.lockFile, { force: true });
  }

  /** Random password of a database role: made once, kept in a file that only its owner reads. */
  secret(name: string): string {
    const file = join(this.path, 'secrets.json');
    const secrets = this.readSecrets(file);
    const known = secrets[name];
    if (known !== undefined) return known;
    const made = randomBytes(24).toString('base64url');
    writeFileSync(file, JSON.stringify({ ...secrets, [name]: made }), { mode: 0o600 });
    return made;
  }

  private readSecrets(file: string): Record<string, string> {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  }

  private holder(): number | null {
    try {
      const { pid, started } = JSON.parse(readFileSync(this.lockFile, 'utf8')) as {
        pid: number;
        started: string | null;
      };
      return isAlive(pid, started) ? pid : null;
    } catch {
      return null; // Half-written by a process that died, or gone meanwhile.
    }
  }
}
