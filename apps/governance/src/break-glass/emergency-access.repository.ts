import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { EmergencyAccess } from './emergency-access';

type Unit = UnitOfWork<GovernanceTables>;

export interface EmergencyPage {
  readonly project: string;
  /** Null: all. */
  readonly review: 'open' | 'signed' | null;
  readonly limit: number;
  readonly after: string | null;
}

/** Emergency access. Abstract class = injection token. */
export abstract class EmergencyAccessRepository {
  /** False if the person holds this role by an emergency already. */
  abstract add(unit: Unit, access: EmergencyAccess): Promise<boolean>;
  abstract find(project: string, id: string): Promise<EmergencyAccess | null>;
  abstract lock(unit: Unit, id: string): Promise<EmergencyAccess | null>;
  /** Newest first. */
  abstract list(page: EmergencyPage): Promise<EmergencyAccess[]>;
  /** Those that a person holds, and those of which he was told and that nobody has signed yet; newest first. */
  abstract concerning(person: string, limit: number): Promise<EmergencyAccess[]>;
  abstract end(unit: Unit, id: string, at: string): Promise<void>;
  abstract review(
    unit: Unit,
    id: string,
    review: { readonly by: string; readonly at: string; readonly justified: boolean; readonly note: string },
  ): Promise<void>;
  /** Ids of those that are in force although their time is over. */
  abstract overdue(now: string): Promise<string[]>;
  abstract countUnsigned(): Promise<number>;
  /** What the person did in that time, by action, as the audit log has it. */
  abstract actionsOf(access: EmergencyAccess): Promise<{ readonly action: string; readonly times: number }[]>;
}
