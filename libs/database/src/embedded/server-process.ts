import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ClusterLocation } from './cluster-location';

/**
 * Runs the server and stops it when our end of the pipe closes, which happens also when we are killed: PostgreSQL
 * itself would go on for ever. `read` is the shell's own, so nothing else stays behind. It runs in a session of its
 * own, because Ctrl-C in a terminal goes to the whole group and the database must outlive the services.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null >/dev/null &
server=$!
echo $server
( while read -r _ <&3; do :; done; kill -INT $server ) 2>/dev/null &
guard=$!
exec 3<&- </dev/null
wait $server
code=$?
kill $guard 2>/dev/null
exit $code
`;

const LOG_LINES = 40;

/** One run of the server program. */
export class ServerProcess {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private serverPid: number | undefined;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  running = true;

  constructor(
    private readonly location: ClusterLocation,
    settings: Readonly<Record<string, string | number>>,
    onLog: (line: string) => void,
  ) {
    const program = join(location.bin, 'postgres');
    const args = [
      '-D',
      location.data,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ];
    const guarded = process.platform !== 'win32';
    this.child = spawn(
      guarded ? '/bin/sh' : program,
      guarded ? ['-c', GUARD, 'steward-postgres', program, ...args] : args,
      {
        ...(location.account ? { uid: location.account.uid, gid: location.account.gid } : {}),
        cwd: location.home,
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: guarded,
        windowsHide: true,
      },
    );
    this.child.stdin?.on('error', () => undefined);
    if (!guarded) this.serverPid = this.child.pid;
    this.child.stdout?.once('data', (said: Buffer) => {
      if (guarded) this.serverPid = Number(said.toString());
    });
    this.collect(onLog);
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.running = false;
        resolve();
      };
      this.child.once('exit', end);
      this.child.once('error', (error) => {
        this.lines.push(String(error));
        end();
      });
    });
  }

  private collect(onLog: (line: string) => void): void {
    let rest = '';
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts.filter((part) => part !== '')) {
        this.lines.push(line);
        if (this.lines.length > LOG_LINES) this.lines.shift();
        onLog(line);
      }
    });
  }

  /** The server's last words. */
  get log(): string {
    return this.lines.join('\n');
  }

  /** The server's own process id. Undefined for the first moment of its life, and after its end. */
  get pid(): number | undefined {
    return this.running ? this.serverPid : undefined;
  }

  /** SIGINT: no new sessions, running ones are rolled back. SIGQUIT: at once, recovery at the next start. */
  signal(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
    const pid = this.pid;
    if (pid === undefined) {
      this.child.stdin?.destroy();
      return;
    }
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}
