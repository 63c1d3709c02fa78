import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Runs a TypeScript file in a process of its own, with the sources of all projects; its errors are shown, it may send messages. */
export const forkSource = (file: string, env: Readonly<Record<string, string>>): ChildProcess =>
  fork(file, {
    execArgv: [
      '--conditions=@steward/source',
      '--require',
      join(__dirname, '../../../tools/run/register-typescript.cjs'),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
