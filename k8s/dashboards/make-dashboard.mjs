/**
 * Writes steward.json, the Grafana dashboard, from the panels below: `node k8s/dashboards/make-dashboard.mjs`.
 * An end-to-end test runs every panel's query against Prometheus while the demo runs, and each must return data.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROWS = [
  ['The loop', [
    ['Rows ingested, by outcome', 'stat', 'sum by (outcome) (steward_ingestion_rows_total)', '{{outcome}}'],
    ['Dataset versions', 'stat', 'sum by (source) (steward_ingestion_dataset_versions_total)', '{{source}}'],
    ['Training runs, by state', 'stat', 'sum by (state) (steward_training_runs)', '{{state}}'],
    ['Models served', 'stat', 'sum by (result) (steward_inference_model_loads_total)', '{{result}}'],
    ['Audit entries', 'stat', 'max(steward_governance_audit_log_size)', 'entries'],
    ['Windows, by verdict', 'stat', 'sum by (verdict) (steward_monitoring_windows_total)', '{{verdict}}'],
  ]],
  ['Drift', [
    ['PSI of the last window (alert from 0.2)', 'timeseries', 'max by (project, column) (steward_monitoring_psi)', '{{project}} {{column}}'],
    ['Jensen-Shannon distance', 'timeseries', 'max by (project, column) (steward_monitoring_jensen_shannon_distance)', '{{project}} {{column}}'],
    ['Missing values', 'timeseries', 'max by (project, column) (steward_monitoring_missing_ratio)', '{{project}} {{column}}'],
    ['Open alerts', 'timeseries', 'sum by (project, kind) (steward_monitoring_alerts_open)', '{{project}} {{kind}}'],
  ]],
  ['Fairness and quality', [
    ['Demographic parity ratio (four-fifths rule: at least 0.8)', 'timeseries', 'min by (project) (steward_monitoring_demographic_parity_ratio)', '{{project}}'],
    ['AUC once outcomes are known', 'timeseries', 'max by (project) (steward_monitoring_auc)', '{{project}}'],
    ['Out-of-fold AUC of the newest run, by learner', 'timeseries', 'max by (learner) (steward_training_model_auc)', '{{learner}}'],
    ['Share of denials', 'timeseries', 'sum by (model) (steward_inference_rows_total{label="yes"}) / sum by (model) (steward_inference_rows_total)', '{{model}}'],
  ]],
  ['Latency and load', [
    ['Inference, 99th percentile, s', 'timeseries', 'histogram_quantile(0.99, sum by (le, model) (steward_inference_request_duration_seconds_bucket))', '{{model}}'],
    ['Inference requests, by outcome', 'timeseries', 'sum by (outcome) (steward_inference_requests_total)', '{{outcome}}'],
    ['Events not handled yet', 'timeseries', 'sum by (service) ({__name__=~"steward_[a-z]+_events_lag_events"})', '{{service}}'],
    ['Outbox backlog', 'timeseries', 'sum by (service) ({__name__=~"steward_[a-z]+_events_outbox_backlog_events"})', '{{service}}'],
    ['Time until a batch is durable in the log, 99th percentile, s', 'timeseries', 'histogram_quantile(0.99, sum by (le) ({__name__=~"steward_[a-z]+_events_append_duration_seconds_bucket"}))', 'append'],
    ['gRPC connections of inference', 'timeseries', 'sum by (service) (steward_grpc_connections)', '{{service}}'],
    ['Resident memory', 'timeseries', 'sum by (service) (process_resident_memory_bytes)', '{{service}}'],
  ]],
];

const WIDTH = 24;
let y = 0;
let id = 0;
const panels = [];
for (const [title, charts] of ROWS) {
  panels.push({ id: ++id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] });
  y += 1;
  const perLine = charts[0][1] === 'stat' ? charts.length : 2;
  const w = WIDTH / perLine;
  const h = charts[0][1] === 'stat' ? 5 : 8;
  charts.forEach(([name, type, expr, legendFormat], index) => {
    panels.push({
      id: ++id,
      type,
      title: name,
      datasource: { type: 'prometheus', uid: '${datasource}' },
      gridPos: { x: (index % perLine) * w, y: y + Math.floor(index / perLine) * h, w, h },
      targets: [{ refId: 'A', expr, legendFormat, datasource: { type: 'prometheus', uid: '${datasource}' } }],
      fieldConfig: { defaults: {}, overrides: [] },
      options: type === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] }, textMode: 'value_and_name' } : { legend: { displayMode: 'list', placement: 'bottom' } },
    });
  });
  y += Math.ceil(charts.length / perLine) * h;
}

const dashboard = {
  uid: 'steward',
  title: 'Steward: the loop',
  schemaVersion: 39,
  tags: ['steward'],
  time: { from: 'now-1h', to: 'now' },
  refresh: '10s',
  templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', current: {} }] },
  panels,
};

writeFileSync(join(fileURLToPath(new URL('.', import.meta.url)), 'steward.json'), `${JSON.stringify(dashboard, null, 2)}\n`);
