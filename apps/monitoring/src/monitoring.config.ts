import { z } from 'zod';

/** Settings of monitoring beside the common ones. */
export const MonitoringSettings = z.object({
  STEWARD_MONITORING_OUTCOME_WAIT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(3_600)
    .describe('How long a full window waits for its last outcomes before it is judged by those that came.'),
  STEWARD_MONITORING_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30)
    .default(30)
    .describe('How long the rows of judged windows are kept; their reports stay.'),
});

/** An injection token. */
export class MonitoringConfig {
  readonly outcomeWaitSeconds: number;
  readonly retentionDays: number;

  constructor(settings: z.output<typeof MonitoringSettings>) {
    this.outcomeWaitSeconds = settings.STEWARD_MONITORING_OUTCOME_WAIT_SECONDS;
    this.retentionDays = settings.STEWARD_MONITORING_RETENTION_DAYS;
  }
}
