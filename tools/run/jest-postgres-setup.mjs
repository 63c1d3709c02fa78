/**
 * One PostgreSQL server for a whole Jest run, on a free port, without fsync; its URLs go to the tests through
 * STEWARD_TEST_POSTGRES_URL. Only projects with integration or e2e tests name this file, so unit tests start nothing.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const PREFIX = 'steward-jest-';
const DAY_MS = 86_400_000;

/** Data folders of runs that were killed: their servers ended with them. */
async function removeOld(EmbeddedPostgres) {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (name.startsWith(PREFIX) && Date.now() - statSync(folder).mtimeMs > DAY_MS) {
      // The data may lie elsewhere, where the folder's pointer says.
      await EmbeddedPostgres.remove(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

export default async function setup() {
  const { loadSource } = require('./load-source.cjs');
  const { EmbeddedPostgres } = loadSource('libs/database/src/embedded/embedded-postgres.ts');
  await removeOld(EmbeddedPostgres);
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  const stateDir = process.env.STEWARD_STATE_DIR;
  const postgres = await EmbeddedPostgres.start({ dataDir, stateDir, fsync: false });
  process.env.STEWARD_TEST_POSTGRES_URL = postgres.ownerUrl;
  globalThis.stewardTestPostgres = {
    async stop() {
      await postgres.stop();
      await EmbeddedPostgres.remove(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
