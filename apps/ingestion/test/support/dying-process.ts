import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { IngestionHouse } from './running-ingestion';

/** Ingestion of this house in a process that kills itself at that point (`process/dying-ingestion.ts`). */
export const startDying = (house: IngestionHouse, dieAt: number): ChildProcess =>
  fork(join(__dirname, '../process/dying-ingestion.ts'), {
    execArgv: [
      '--conditions=@steward/source',
      '--require',
      join(__dirname, '../../../../tools/run/register-typescript.cjs'),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      STEWARD_INGESTION_DATABASE_URL: house.database.urlOf('ingestion'),
      STEWARD_DATA_DIR: house.folder,
      STEWARD_LOG_LEVEL: 'fatal',
      ...(Number.isFinite(dieAt) ? { STEWARD_TEST_DIE_AT: String(dieAt) } : {}),
    },
  });

/** By which signal it ended. */
export const ended = (of: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => of.once('exit', (_code, signal) => resolve(signal)));
