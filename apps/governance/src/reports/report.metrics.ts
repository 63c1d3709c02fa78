import { Injectable } from '@nestjs/common';
import { Counter, register } from 'prom-client';

const NAME = 'steward_governance_reports_issued_total';

/** Figures of reports; the kinds are a closed set. */
@Injectable()
export class ReportMetrics {
  private readonly reports =
    (register.getSingleMetric(NAME) as Counter | undefined) ??
    new Counter({ name: NAME, help: 'Reports that were issued, by kind.', labelNames: ['kind'] });

  issued(kind: string): void {
    this.reports.inc({ kind });
  }
}
