import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { AlertRepository } from '../alerts/alert.repository';
import { MonitoringConfig } from '../monitoring.config';
import { MonitorRepository } from '../monitors/monitor.repository';
import { RolloutCountRepository } from '../rollouts/rollout-count.repository';
import { CloseWindow } from './close-window';
import { MonitoringMetrics } from './monitoring.metrics';
import { WindowArchive } from './window-archive';
import { WindowRepository } from './window.repository';

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What happens by the clock: windows whose last outcomes never came are judged by those that did, rows older than their
 * retention are deleted; and at the start the gauges are set from what is stored.
 */
@Injectable()
export class WindowSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WindowSchedule.name);
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly windows: WindowRepository,
    private readonly archive: WindowArchive,
    private readonly monitors: MonitorRepository,
    private readonly alerts: AlertRepository,
    private readonly close: CloseWindow,
    private readonly rollouts: RolloutCountRepository,
    private readonly metrics: MonitoringMetrics,
    private readonly config: MonitoringConfig,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.attempt(this.showStored());
    this.timer = setInterval(() => this.attempt(this.tick()), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async tick(): Promise<void> {
    const now = this.clock.now();
    for (const id of await this.windows.overdue(new Date(now - this.config.outcomeWaitSeconds * 1000)))
      await this.judge(id);
    const kept = new Date(now - this.config.retentionDays * DAY_MS);
    await this.windows.prune(kept);
    await this.rollouts.prune(kept);
    await this.alerts.pruneApprovals(kept);
  }

  private async judge(id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const window = await this.windows.withoutOutcomeReport(unit, id);
      const monitor = window && (await this.monitors.findWithin(unit, window.project, window.monitor));
      if (monitor) await this.close.reportOutcomes(unit, monitor, window);
    });
  }

  private async showStored(): Promise<void> {
    for (const window of await this.archive.latest()) {
      if (window.report) this.metrics.show(window, window.report);
      if (window.outcomeReport) this.metrics.outcomes(window, window.outcomeReport);
    }
    for (const alert of await this.alerts.countOpen()) this.metrics.alert(alert, 1);
  }

  private attempt(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.logger.warn({ err: error }, 'Scheduled work failed; it is tried again in a minute.'),
    );
  }
}
