import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@steward/kernel';

const NAME = /^(\d+)-([0-9a-f-]{36})$/;

/** Whether a process of that number runs on this machine. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/**
 * The folders in which the processes of one machine keep what waits, one a process. What a process left behind that is no
 * more is taken over by renaming its folder, which only one can do. A folder of this process's own number that it did not
 * make is of an earlier life: in a container every process may have the same number.
 */
export class SpoolFolders {
  private readonly mine = new Set<string>();

  constructor(
    private readonly root: string,
    private readonly alive: (pid: number) => boolean = isAlive,
  ) {}

  /** A folder of this process; it is made at the first write. */
  own(): string {
    const name = `${process.pid}-${newId()}`;
    this.mine.add(name);
    return join(this.root, name);
  }

  /** Takes over what dead processes left; gives their folders, now of this process. */
  adopt(): string[] {
    if (!existsSync(this.root)) return [];
    return readdirSync(this.root).flatMap((name) => {
      const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(pid) || this.mine.has(name) || (pid !== process.pid && this.alive(pid))) return [];
      const adopted = this.own();
      try {
        renameSync(join(this.root, name), adopted);
        return [adopted];
      } catch {
        // Another process was first.
        return [];
      }
    });
  }
}
