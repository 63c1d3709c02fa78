import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, register } from 'prom-client';
import { AuditLogRepository } from './audit-log.repository';

/** Figures of the audit log. The only label is the service, of which there are five. */
@Injectable()
export class AuditMetrics {
  private readonly entries: Counter;
  private readonly repeats: Counter;
  private readonly duration: Histogram;
  private readonly lag: Gauge;

  constructor(log: AuditLogRepository) {
    this.entries = once(
      'steward_governance_audit_entries_total',
      (name) =>
        new Counter({
          name,
          help: 'Entries appended to the audit log, by service.',
          labelNames: ['service'],
        }),
    );
    this.repeats = once(
      'steward_governance_audit_repeated_entries_total',
      (name) => new Counter({ name, help: 'Entries that came again and were left out of the audit log.' }),
    );
    this.duration = once(
      'steward_governance_audit_append_duration_seconds',
      (name) =>
        new Histogram({
          name,
          help: 'Time to write a batch of entries and tree nodes.',
          buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
        }),
    );
    this.lag = once(
      'steward_governance_audit_witness_lag_entries',
      (name) =>
        new Gauge({
          name,
          help: 'Entries that the witness has not cosigned yet; below 0: it has seen more than the log holds.',
        }),
    );
    once('steward_governance_audit_log_size', (name) =>
      gaugeOf(name, 'Entries in the audit log.', log, sizeOf),
    );
    once('steward_governance_audit_unsigned', (name) =>
      gaugeOf(name, 'Entries that no signed head covers yet.', log, unsignedOf),
    );
  }

  appended(service: string): void {
    this.entries.inc({ service });
  }

  repeated(entries: number): void {
    this.repeats.inc(entries);
  }

  witnessed(lag: number): void {
    this.lag.set(lag);
  }

  async appending<Result>(work: () => Promise<Result>): Promise<Result> {
    const stop = this.duration.startTimer();
    const result = await work();
    stop();
    return result;
  }
}

const sizeOf = async (log: AuditLogRepository): Promise<number> => (await log.tree()).size;

async function unsignedOf(log: AuditLogRepository): Promise<number> {
  const head = await log.head();
  return (await sizeOf(log)) - (head?.size ?? 0);
}

function gaugeOf(
  name: string,
  help: string,
  log: AuditLogRepository,
  read: (log: AuditLogRepository) => Promise<number>,
): Gauge {
  return new Gauge({
    name,
    help,
    async collect() {
      // Where the database is away the last figure stands, and the scrape still answers.
      const value = await read(log).catch(() => null);
      if (value !== null) this.set(value);
    },
  });
}

/** Metrics live in one registry per process; several applications in one test process share them. */
function once<Metric>(name: string, make: (name: string) => Metric): Metric {
  return (register.getSingleMetric(name) as Metric | undefined) ?? make(name);
}
