import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkSource } from '@steward/testing';
import { ADMIN_PASSWORD, type GovernanceHouse } from './governance-house';

/** Governance of this house in a process that kills itself at that point (`process/dying-governance.ts`). */
export const startDying = (house: GovernanceHouse, dieAt: number): ChildProcess =>
  forkSource(join(__dirname, '../process/dying-governance.ts'), {
    STEWARD_GOVERNANCE_DATABASE_URL: house.database.urlOf('governance'),
    STEWARD_DATA_DIR: house.folder,
    STEWARD_ADMIN_PASSWORD: ADMIN_PASSWORD,
    STEWARD_LOG_LEVEL: 'fatal',
    ...(Number.isFinite(dieAt) ? { STEWARD_TEST_DIE_AT: String(dieAt) } : {}),
  });
