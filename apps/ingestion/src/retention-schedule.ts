import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { DeleteOldQuarantine } from './batches/delete-old-quarantine';
import { IngestionLimits } from './ingestion-limits';
import { PredictionRowRepository } from './labelled/prediction-row.repository';
import { RepeatedTask } from '@steward/service';

const HOUR_MS = 3600 * 1000;

/** Deletes every hour what has outlived its time: quarantine, left-over uploads, rows of the join. */
@Injectable()
export class RetentionSchedule extends RepeatedTask {
  protected readonly pauseMs = HOUR_MS;
  private readonly log = new Logger(RetentionSchedule.name);

  constructor(
    private readonly quarantine: DeleteOldQuarantine,
    private readonly rows: PredictionRowRepository,
    private readonly limits: IngestionLimits,
    private readonly clock: Clock,
  ) {
    super();
  }

  protected async work(): Promise<void> {
    const batches = await this.quarantine.execute();
    const rows = await this.rows.deleteBefore(
      new Date(this.clock.now() - this.limits.joinDays * 24 * HOUR_MS),
    );
    if (batches + rows > 0)
      this.log.log(`Deleted the files of ${batches} batches and ${rows} rows of the join.`);
  }
}
