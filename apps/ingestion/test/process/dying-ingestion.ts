import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { PgDatabase } from '@steward/database';
import { runService } from '@steward/service';
import { AppModule } from '../../src/app.module';
import { IngestionConfig, IngestionSettings } from '../../src/ingestion.config';
import { IngestionRetention } from '../../src/retention/ingestion-retention';

/**
 * Ingestion as a process that kills itself (SIGKILL: nothing is cleaned up) at the n-th point of an erasure, or of a
 * deletion by age: before and after each write into the store and each transaction, counted from its first act on.
 */
const dieAt = Number(process.env['STEWARD_TEST_DIE_AT'] ?? 'Infinity');
let counting = false;
let passed = 0;

function point(): void {
  if (!counting) return;
  passed += 1;
  if (passed < dieAt) return;
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

type Method = (...args: unknown[]) => Promise<unknown>;

function watch(prototype: object, name: string, begins = false): void {
  const methods = prototype as Record<string, Method>;
  const original = methods[name]!;
  methods[name] = async function (this: unknown, ...args: unknown[]) {
    if (begins || String(args[0]).startsWith('subjects/erasures/')) counting = true;
    point();
    const result = await original.apply(this, args);
    point();
    return result;
  };
}

const { objects } = new LocalArtifactStore('unused');
for (const name of ['put', 'putIfAbsent', 'delete']) watch(Object.getPrototypeOf(objects) as object, name);
watch(LocalArtifactStore.prototype, 'put');
watch(PgDatabase.prototype, 'transaction');
watch(IngestionRetention.prototype, 'delete', true);

void runService({
  name: 'ingestion',
  config: IngestionSettings,
  module: (config) =>
    AppModule.forRoot(new IngestionConfig(config), {
      artifacts: join(config.dataDir, 'artifacts'),
      keys: join(config.dataDir, 'keys'),
    }),
});
