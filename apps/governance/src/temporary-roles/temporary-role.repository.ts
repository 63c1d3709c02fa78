import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

/** A role that somebody holds from one moment to another. Times are ISO 8601; `until` is the first moment without. */
export interface TemporaryRole {
  readonly role: string;
  readonly project: string | null;
  readonly from: string;
  readonly until: string;
}

/** Roles for a time, beside the lasting grants. Abstract class = injection token. */
export abstract class TemporaryRoleRepository {
  /** Those of a principal that are not over at `at`, also those that have not begun. */
  abstract of(principal: string, at: string, unit?: UnitOfWork<GovernanceTables>): Promise<TemporaryRole[]>;
  /** `cause`: the delegation or emergency access that gives them. */
  abstract add(
    unit: UnitOfWork<GovernanceTables>,
    principal: string,
    cause: string,
    roles: readonly TemporaryRole[],
  ): Promise<void>;
  /** Ends what a cause gave, now. */
  abstract end(unit: UnitOfWork<GovernanceTables>, cause: string, at: string): Promise<void>;
}
