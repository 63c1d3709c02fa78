import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { RoleVersion } from './role';

type Unit = UnitOfWork<GovernanceTables>;

/** Roles of the installation's own making. Abstract class = injection token. */
export abstract class RoleRepository {
  /** The newest version of each role, by name, deleted ones included. */
  abstract newest(unit?: Unit): Promise<RoleVersion[]>;
  abstract find(role: string, unit?: Unit): Promise<RoleVersion | null>;
  /** Until the transaction ends nobody else changes roles. */
  abstract lock(unit: Unit): Promise<void>;
  abstract add(unit: Unit, version: RoleVersion): Promise<void>;
  /** How many grants of the role are in force. */
  abstract countGrants(unit: Unit, role: string): Promise<number>;
  /** Names of the roles whose holders need a second factor. */
  abstract requiringTotp(unit?: Unit): Promise<ReadonlySet<string>>;
  abstract setRequiresTotp(
    unit: Unit,
    role: string,
    requires: boolean,
    by: string,
    at: string,
  ): Promise<void>;
}
