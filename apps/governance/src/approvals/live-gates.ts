import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { ApprovalRequest } from './approval-request';
import type { JudgedGate } from './judge-gates';

/**
 * Gates whose ground may come or go while a request waits: they are judged each time that it is looked at and once more
 * when it is granted. Nobody can waive them. Abstract class = injection token.
 */
export abstract class LiveGates {
  abstract judge(request: ApprovalRequest, unit?: UnitOfWork<GovernanceTables>): Promise<JudgedGate[]>;
}
