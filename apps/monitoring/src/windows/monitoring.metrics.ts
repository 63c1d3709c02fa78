import { Injectable } from '@nestjs/common';
import { Counter, Gauge, register } from 'prom-client';
import type { OutcomeReport, WindowReport } from './judge-window';
import type { WindowVerdict } from './window.repository';

interface Of {
  readonly project: string;
  readonly monitor: string;
}

const gauge = (name: string, help: string, labels: string[]): Gauge =>
  (register.getSingleMetric(name) as Gauge | undefined) ??
  new Gauge({ name, help, labelNames: ['project', 'monitor', ...labels] });

/** What monitors found last. Labels: monitors, their columns and kinds of alert, so their number is bounded by people. */
@Injectable()
export class MonitoringMetrics {
  private readonly psi = gauge(
    'steward_monitoring_psi',
    'Population stability index of the last full window.',
    ['column'],
  );
  private readonly jensenShannon = gauge(
    'steward_monitoring_jensen_shannon_distance',
    'Jensen-Shannon distance of the last full window.',
    ['column'],
  );
  private readonly pValue = gauge(
    'steward_monitoring_drift_p_value',
    'Holm-corrected chi-square p-value of the last full window.',
    ['column'],
  );
  private readonly missing = gauge(
    'steward_monitoring_missing_ratio',
    'Share of missing values in the last full window.',
    ['column'],
  );
  private readonly outOfRange = gauge(
    'steward_monitoring_out_of_range_ratio',
    'Share of values outside the reference in the last full window.',
    ['column'],
  );
  private readonly parity = gauge(
    'steward_monitoring_demographic_parity_ratio',
    'Smallest divided by largest selection rate of the favourable outcome.',
    [],
  );
  private readonly odds = gauge(
    'steward_monitoring_equalized_odds_difference',
    'Largest difference of true or false positive rates.',
    [],
  );
  private readonly auc = gauge(
    'steward_monitoring_auc',
    'AUC of the last window whose outcomes are known.',
    [],
  );
  private readonly open = gauge('steward_monitoring_alerts_open', '1 while an alert of the kind is open.', [
    'kind',
  ]);
  private readonly windows =
    (register.getSingleMetric('steward_monitoring_windows_total') as Counter | undefined) ??
    new Counter({
      name: 'steward_monitoring_windows_total',
      help: 'Windows judged, by verdict.',
      labelNames: ['project', 'monitor', 'verdict'],
    });

  judged(window: Of, verdict: WindowVerdict, report: WindowReport): void {
    this.windows.inc({ ...of(window), verdict });
    this.show(window, report);
  }

  /** Sets the gauges, also at the start, from the last windows stored. */
  show(window: Of, report: WindowReport): void {
    for (const column of report.drift.columns) {
      const labels = { ...of(window), column: column.name };
      this.psi.set(labels, column.psi);
      this.jensenShannon.set(labels, column.jensenShannon);
      this.pValue.set(labels, column.adjustedPValue);
      this.missing.set(labels, column.missing?.value ?? 0);
      this.outOfRange.set(labels, column.outOfRange?.value ?? 0);
    }
    const ratio = report.fairness?.demographicParityRatio?.value;
    if (ratio !== undefined) this.parity.set(of(window), ratio);
  }

  closed(window: Of): void {
    this.windows.inc({ ...of(window), verdict: 'not_enough_data' });
  }

  outcomes(window: Of, report: OutcomeReport): void {
    const auc = report.performance?.auc?.value;
    if (auc !== undefined) this.auc.set(of(window), auc);
    const odds = report.fairness?.equalizedOddsDifference?.value;
    if (odds !== undefined) this.odds.set(of(window), odds);
  }

  alert(alert: Of & { kind: string }, open: 0 | 1): void {
    this.open.set({ ...of(alert), kind: alert.kind }, open);
  }
}

const of = ({ project, monitor }: Of) => ({ project, monitor });
