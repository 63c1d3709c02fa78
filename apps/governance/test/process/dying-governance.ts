import { join } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { PgDatabase } from '@steward/database';
import { runService } from '@steward/service';
import { AppModule } from '../../src/app.module';
import { AnswerChanges } from '../../src/approvals/answer-changes';
import { CloseRequest } from '../../src/approvals/close-request';
import { DecideRequest } from '../../src/approvals/decide-request';
import { OpenRequest } from '../../src/approvals/open-request';
import { PgApprovalRepository } from '../../src/approvals/pg-approval.repository';
import { GovernanceSettings } from '../../src/governance.config';
import { ConfirmRetentionRun } from '../../src/retention/confirm-retention-run';
import { EndRetentionCount } from '../../src/retention/end-retention-count';
import { EndRetentionDeletion } from '../../src/retention/end-retention-deletion';
import { GovernanceRetention } from '../../src/retention/governance-retention';
import { OpenRetentionRun } from '../../src/retention/open-retention-run';
import { TakeRetentionAnswer } from '../../src/retention/take-retention-answer';
import { FinishErasure } from '../../src/subject-requests/finish-erasure';

/**
 * Governance as a process that kills itself (SIGKILL) at the n-th point of what it is watched in: before and after each
 * write into the store and each transaction, and between the writes of one, counted from the first erasure that it
 * finishes, the first thing that happens to an approval, or the first step of a deletion by age.
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
watch(OpenRequest.prototype, 'open', true);
watch(DecideRequest.prototype, 'decide', true);
watch(AnswerChanges.prototype, 'answer', true);
watch(CloseRequest.prototype, 'close', true);
for (const step of [
  OpenRetentionRun,
  TakeRetentionAnswer,
  EndRetentionCount,
  ConfirmRetentionRun,
  EndRetentionDeletion,
])
  watch(step.prototype, 'execute', true);
watch(GovernanceRetention.prototype, 'delete', true);
for (const write of ['add', 'decide', 'pend', 'close']) watch(PgApprovalRepository.prototype, write);

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
