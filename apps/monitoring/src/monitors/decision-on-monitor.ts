import { Injectable } from '@nestjs/common';
import { Access, type Action, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import type { Alert } from '../alerts/alert.repository';
import { WindowArchive, type ModelCounts, type WindowView } from '../windows/window-archive';
import { MonitorRepository, type Monitor } from './monitor.repository';

/**
 * Decides on monitors, their windows and alerts by what they are about: a rule may tell them apart by monitor, by model, and
 * by the model's tags.
 */
@Injectable()
export class DecisionOnMonitor {
  constructor(
    private readonly access: Access,
    private readonly monitors: MonitorRepository,
    private readonly windows: WindowArchive,
  ) {}

  /** Throws as Access.require does. */
  require(caller: Caller, action: Action, project: string, monitor: string, model: string): void {
    this.access.require(caller, action, 'Monitor', { project, monitor, model });
  }

  requireAlert(caller: Caller, action: Action, { project, monitor, model }: Alert): void {
    this.access.require(caller, action, 'Alert', { project, monitor, model });
  }

  /** A monitor that the caller may read. Throws MONITORING.MONITOR_NOT_FOUND. */
  async monitor(caller: Caller, project: string, name: string): Promise<Monitor> {
    const monitor = await this.monitors.find(project, name);
    if (!monitor)
      throw errors.notFound('MONITORING.MONITOR_NOT_FOUND', 'There is no such monitor in this project.');
    this.require(caller, 'read', project, name, monitor.definition.model);
    return monitor;
  }

  /** A window that the caller may read. Throws MONITORING.WINDOW_NOT_FOUND. */
  async window(caller: Caller, project: string, id: string): Promise<WindowView> {
    const window = await this.windows.require(project, id);
    this.require(caller, 'read', project, window.monitor, window.descriptor.model);
    return window;
  }

  readableMonitors({ principal }: Caller, monitors: readonly Monitor[]): Monitor[] {
    return monitors.filter(({ project, name: monitor, definition: { model } }) =>
      this.access.can(principal, 'read', 'Monitor', { project, monitor, model }),
    );
  }

  readableWindows({ principal }: Caller, windows: readonly WindowView[]): WindowView[] {
    return windows.filter(({ project, monitor, descriptor: { model } }) =>
      this.access.can(principal, 'read', 'Monitor', { project, monitor, model }),
    );
  }

  readableCounts({ principal }: Caller, project: string, counts: readonly ModelCounts[]): ModelCounts[] {
    return counts.filter(({ model }) => this.access.can(principal, 'read', 'Monitor', { project, model }));
  }

  readableAlerts({ principal }: Caller, alerts: readonly Alert[]): Alert[] {
    return alerts.filter(({ project, monitor, model }) =>
      this.access.can(principal, 'read', 'Alert', { project, monitor, model }),
    );
  }
}
