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
  /** Monitors of a model in the order of their names: locks are taken in that order. */
  abstract ofModel(unit: UnitOfWork, project: string, model: string): Promise<Monitor[]>;
  abstract find(project: string, name: string): Promise<Monitor | null>;
  abstract list(project: string): Promise<Monitor[]>;
}
