import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkSource } from '@steward/testing';
import type { IngestionHouse } from './running-ingestion';

/** Ingestion of this house in a process that kills itself at that point (`process/dying-ingestion.ts`). */
export const startDying = (house: IngestionHouse, dieAt: number): ChildProcess =>
  forkSource(join(__dirname, '../process/dying-ingestion.ts'), {
    STEWARD_INGESTION_DATABASE_URL: house.database.urlOf('ingestion'),
    STEWARD_DATA_DIR: house.folder,
    STEWARD_LOG_LEVEL: 'fatal',
    ...(Number.isFinite(dieAt) ? { STEWARD_TEST_DIE_AT: String(dieAt) } : {}),
  });

/** By which signal it ended. */
export const ended = (of: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => of.once('exit', (_code, signal) => resolve(signal)));

/** Where the point lies beyond the end of the work, the process lives on until it is killed idle. */
export async function diesOrIsDone(
  of: ChildProcess,
  isDone: () => Promise<boolean>,
): Promise<NodeJS.Signals | null> {
  const signal = ended(of);
  while (of.exitCode === null && of.signalCode === null) {
    if (await isDone()) of.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return signal;
}
