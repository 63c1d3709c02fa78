import { Injectable } from '@nestjs/common';
import { RepeatedTask } from '@steward/service';
import { BatchLabelledRows } from './batch-labelled-rows';

/** Looks every half second whether labelled rows have become a batch. */
@Injectable()
export class LabelledSchedule extends RepeatedTask {
  protected readonly pauseMs = 500;

  constructor(private readonly batches: BatchLabelledRows) {
    super();
  }

  protected async work(): Promise<void> {
    await this.batches.execute();
  }
}
