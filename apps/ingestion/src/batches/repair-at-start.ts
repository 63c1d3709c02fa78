import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthIndicator, type HealthReport } from '@steward/service';
import { RepairVersions } from './repair-versions';

const RETRY_MS = 2000;

/** Repairs versions from their Delta commits at start; until that has succeeded the service is not ready. */
@Injectable()
export class RepairAtStart extends HealthIndicator implements OnApplicationBootstrap {
  readonly name = 'versions';
  readonly scope = 'ready' as const;
  private readonly logger = new Logger(RepairAtStart.name);
  private done = false;

  constructor(private readonly repair: RepairVersions) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      const repaired = await this.repair.all();
      if (repaired > 0)
        this.logger.warn(`Wrote down ${repaired} dataset versions that a crash had left out.`);
      this.done = true;
    } catch (error) {
      this.logger.error(error);
      setTimeout(() => void this.onApplicationBootstrap(), RETRY_MS).unref();
    }
  }

  check(): HealthReport {
    return this.done ? { ok: true } : { ok: false, detail: 'Dataset versions are still being repaired.' };
  }
}
