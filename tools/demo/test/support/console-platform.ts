import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Platform, startConfig } from '@steward/start';

/** Pictures are always taken, and kept in the documentation only on request: a test run leaves the checkout clean. */
const KEEP_PICTURES = process.env.STEWARD_KEEP_PICTURES === '1';
const DOCUMENTED = join(__dirname, '..', '..', '..', '..', 'docs', 'console');

/** Where the pictures of a run go. */
export function picturesFolder(dataDir: string): string {
  const folder = KEEP_PICTURES ? DOCUMENTED : join(dataDir, 'pictures');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The whole platform with the console that was built last, in a data folder of its own, at a free port. */
export const startPlatform = (dataDir: string, administratorPassword: string): Promise<Platform> =>
  Platform.start(
    startConfig({
      ...process.env,
      STEWARD_DATA_DIR: dataDir,
      STEWARD_PORT: '0',
      STEWARD_ADMIN_PASSWORD: administratorPassword,
    }),
    { onNote: (text) => process.stdout.write(`${text}\n`), onFirstAdministrator: () => undefined },
  );
