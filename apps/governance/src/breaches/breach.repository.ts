import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { AuditedExposure, Breach, BreachExposure } from './breach';

type Unit = UnitOfWork<GovernanceTables>;

/** Breaches of personal data. Abstract class = injection token. */
export abstract class BreachRepository {
  abstract add(unit: Unit, breach: Breach): Promise<void>;
  abstract find(project: string, id: string): Promise<Breach | null>;
  abstract lock(unit: Unit, id: string): Promise<Breach | null>;
  /** Newest first. */
  abstract list(page: {
    readonly project: string;
    readonly limit: number;
    readonly after: string | null;
  }): Promise<Breach[]>;
  abstract expose(unit: Unit, id: string, exposure: BreachExposure): Promise<void>;
  abstract end(unit: Unit, breach: Breach): Promise<void>;
  /** Principals that hold these API keys. */
  abstract holders(keys: readonly string[]): Promise<string[]>;
  abstract audited(breach: Breach): Promise<AuditedExposure>;
  /** Open ones, and how many of them are past 72 hours at `now`. */
  abstract count(now: string): Promise<{ readonly open: number; readonly overdue: number }>;
}
