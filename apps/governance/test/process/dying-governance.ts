import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { PgDatabase } from '@steward/database';
import { runService } from '@steward/service';
import { AppModule } from '../../src/app.module';
import { GovernanceSettings } from '../../src/governance.config';
import { FinishErasure } from '../../src/subject-requests/finish-erasure';

/**
 * Governance as a process that kills itself (SIGKILL) at the n-th point of finishing erasures: before and after each write
 * into the store and each transaction, counted from the first one that it finishes.
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
    if (begins) counting = true;
    point();
    const result = await original.apply(this, args);
    point();
    return result;
  };
}

watch(LocalArtifactStore.prototype, 'put');
watch(PgDatabase.prototype, 'transaction');
watch(FinishErasure.prototype, 'execute', true);

void runService({
  name: 'governance',
  config: GovernanceSettings,
  module: (config) =>
    AppModule.forRoot({
      keysFolder: join(config.dataDir, 'keys'),
      artifactsFolder: join(config.dataDir, 'artifacts'),
      environment: config.STEWARD_ENVIRONMENT,
      tokenSeconds: config.STEWARD_GOVERNANCE_TOKEN_SECONDS,
      firstPassword: config.STEWARD_ADMIN_PASSWORD,
    }),
});
