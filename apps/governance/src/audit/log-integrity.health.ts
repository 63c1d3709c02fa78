import { Injectable } from '@nestjs/common';
import { HealthIndicator, type HealthReport } from '@steward/service';
import { LogIntegrity } from './log-integrity';

/** Red while the stored audit log is not known to be the signed one. */
@Injectable()
export class LogIntegrityHealth extends HealthIndicator {
  readonly name = 'audit-log';
  readonly scope = 'ready';

  constructor(private readonly integrity: LogIntegrity) {
    super();
  }

  check(): HealthReport {
    const { fault } = this.integrity;
    return fault === null ? { ok: true } : { ok: false, detail: fault };
  }
}
