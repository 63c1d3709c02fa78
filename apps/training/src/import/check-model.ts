import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { AppError, errors } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';
import type { CheckTask, CheckVerdict } from './check-messages';

/** What a checking process may use. */
export interface CheckLimits {
  readonly timeoutMs: number;
  /** Resident memory; looked at every 20 ms, where the system says it (Linux). */
  readonly memoryBytes: number;
}

const DEFAULT_LIMITS: CheckLimits = { timeoutMs: 60_000, memoryBytes: 2 * 1024 ** 3 };
const LOOK_EVERY_MS = 20;
const PAGE_BYTES = 4_096;
/** The process's file, built or as source (tests run it with a loader given by `execArgv`). */
const PROCESS = join(__dirname, `check-model.process${extname(__filename)}`);

/** How the checking process is started. */
export interface CheckProcess {
  readonly execArgv?: readonly string[] | undefined;
  readonly limits?: CheckLimits;
  /** Another file that is run in its place, for tests. */
  readonly file?: string;
}

/**
 * Checks a model of unknown origin in a process of its own, without this process's environment: whatever the file does
 * there, crash, hang or eat memory, ends in a refusal that says so.
 */
export class CheckModel {
  constructor(private readonly options: CheckProcess = {}) {}

  /** Resolves when the model is fit to be served; else rejects with an AppError of kind `invalid`. */
  async check(onnx: Uint8Array, signature: GraphSignature): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'steward-import-'));
    try {
      const file = join(folder, 'model.onnx');
      writeFileSync(file, onnx, { mode: 0o600 });
      const { refusal } = await this.ask({ file, signature });
      if (refusal) throw new AppError(refusal);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private ask(task: CheckTask): Promise<CheckVerdict> {
    const { execArgv = [], limits = DEFAULT_LIMITS, file = PROCESS } = this.options;
    const child = fork(file, [], {
      execArgv: [...execArgv],
      env: { PATH: '/usr/bin:/bin' },
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      let why = errors.invalid(
        'TRAINING.IMPORT_CRASHED',
        'The process that read the model ended before it was done; the file is broken or does what no model does.',
      );
      const end = (reason: AppError): void => {
        why = reason;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => end(tooLong(limits)), limits.timeoutMs);
      const watch = setInterval(() => {
        if (residentBytes(child) > limits.memoryBytes) end(tooLarge(limits));
      }, LOOK_EVERY_MS);
      let verdict: CheckVerdict | null = null;
      child.once('message', (message) => (verdict = message as CheckVerdict));
      child.once('error', reject);
      child.once('exit', () => {
        clearTimeout(timer);
        clearInterval(watch);
        if (verdict) resolve(verdict);
        else reject(why);
      });
      child.send(task, () => undefined);
    });
  }
}

/** Resident memory, or 0 where the system does not say. */
function residentBytes({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

function tooLong({ timeoutMs }: CheckLimits): AppError {
  return errors.invalid(
    'TRAINING.IMPORT_TOO_SLOW',
    `Checking the model took longer than ${timeoutMs / 1000} s; it would not answer callers in time.`,
  );
}

function tooLarge({ memoryBytes }: CheckLimits): AppError {
  return errors.invalid(
    'TRAINING.IMPORT_TOO_LARGE',
    `Checking the model took more than ${Math.round(memoryBytes / 1024 ** 2)} MiB of memory.`,
  );
}
