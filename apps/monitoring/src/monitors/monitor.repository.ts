import type { UnitOfWork } from '@steward/database';
import type { MonitorDefinition } from './monitor-definition';

export interface Monitor {
  readonly project: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly definition: MonitorDefinition;
  /** The person who last changed it: the root of what it causes. */
  readonly changedBy: string;
  readonly changedAt: string;
}

export abstract class MonitorRepository {
  /** Locks the monitor's row if there is one. */
  abstract findForChange(unit: UnitOfWork, project: string, name: string): Promise<Monitor | null>;
  abstract save(unit: UnitOfWork, monitor: Omit<Monitor, 'changedAt'>): Promise<void>;
  /** For those who hold a window's lock already: monitors are locked before windows. */
  abstract findWithin(unit: UnitOfWork, project: string, name: string): Promise<Monitor | null>;
  /** Monitors of a model, locked in the order of their names. */
  abstract ofModel(unit: UnitOfWork, project: string, model: string): Promise<Monitor[]>;
  abstract find(project: string, name: string): Promise<Monitor | null>;
  abstract list(project: string): Promise<Monitor[]>;
}
