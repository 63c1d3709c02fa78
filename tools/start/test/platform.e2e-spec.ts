import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steward/database';

const MAIN = join(__dirname, '..', 'dist', 'main.js');
const SERVICES = 5;
const READY_MS = 90_000;

/** `npm start` as an operating-system process, behind the bootstrap. */
class Started {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(dataDir: string) {
    this.child = spawn(
      process.execPath,
      [
        '-e',
        `void require(${JSON.stringify(MAIN)}).main([]).catch((e) => { console.error(e.message); process.exit(1); })`,
      ],
      {
        env: { ...process.env, STEWARD_DATA_DIR: dataDir, STEWARD_PORT: '0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get entryUrl(): string {
    return /Steward is up at (\S+)/.exec(this.output)![1]!;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  ready(): Promise<void> {
    return eventually('the platform to be ready', READY_MS, () => this.output.includes('Ready in'));
  }
}

async function eventually(
  what: string,
  timeoutMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Processes whose environment names the data folder: services and what they started. */
function processesOf(dataDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
        return (
          state !== 'Z' &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`STEWARD_DATA_DIR=${dataDir}\0`)
        );
      } catch {
        return false; // It ended while we looked.
      }
    })
    .map(Number);
}

const onLinux = existsSync('/proc/self/environ') ? it : it.skip;

describe('npm start', () => {
  let dataDir: string;

  beforeAll(() => {
    // mkdtemp makes a folder that is closed to others.
    dataDir = mkdtempSync(join(tmpdir(), 'steward-start-'));
  });

  afterAll(async () => {
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  onLinux(
    'shows the administrator once, is alone on its data, heals, stops cleanly, and leaves nothing behind when it is killed',
    async () => {
      const first = new Started(dataDir);
      await first.ready();
      expect(first.output).toContain('The first administrator is "administrator" with the password');
      expect(processesOf(dataDir).length).toBeGreaterThanOrEqual(SERVICES + 1);

      const second = new Started(dataDir);
      expect(await second.ended).toBe(1);
      expect(second.output).toContain(`is in use by process ${first.pid}`);

      // A service that dies is started again, on the same ports.
      const live = async (): Promise<boolean> =>
        (await fetch(`${first.entryUrl}/training/health/live`).catch(() => null))?.ok ?? false;
      expect(await live()).toBe(true);
      const training = processesOf(dataDir).find((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('apps/training'),
      );
      expect(readFileSync(`/proc/${training}/environ`, 'utf8')).toContain('NODE_OPTIONS=--v8-pool-size=1');
      process.kill(training!, 'SIGKILL');
      await eventually('training to be away', 5_000, async () => !(await live()));
      await eventually('training to be back', 30_000, live);

      first.signal('SIGINT');
      expect(await first.ended).toBe(0);
      await eventually('all processes to end', 5_000, () => processesOf(dataDir).length === 0);

      const third = new Started(dataDir);
      await third.ready();
      expect(third.output).not.toContain('The first administrator');
      third.signal('SIGKILL');
      await third.ended;
      await eventually(
        'services to end after their supervisor',
        15_000,
        () => processesOf(dataDir).length === 0,
      );

      const fourth = new Started(dataDir);
      await fourth.ready();
      fourth.signal('SIGTERM');
      expect(await fourth.ended).toBe(0);
    },
    300_000,
  );
});
