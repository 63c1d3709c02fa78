import type { DemoSummary } from './demo-summary';

/** One screen of what was shown, and where to look next. */
export function describeSummary(summary: Partial<DemoSummary>, entryUrl: string): string {
  if (summary.failed) return `\nThe demo failed. ${summary.failed}\n`;
  const { rows, predictions, alert, comparison, retrained, audit, psi } = summary;
  const auc = (value: number | null | undefined): string => value?.toFixed(3) ?? '-';
  const lines = [
    ['project', summary.project],
    ['rows', `${rows?.read} read = ${rows?.accepted} accepted + ${rows?.quarantined} quarantined`],
    [
      'model',
      `${summary.championLearner}, ${summary.modelDigest?.slice(0, 16)}${summary.twinDigest ? ' (the same bytes in a second installation)' : ''}`,
    ],
    ['served', `${summary.approvalToServedSeconds?.toFixed(2)} s after the approval`],
    [
      'predictions',
      `${predictions?.sent} sent = ${predictions?.logged} counted; ${predictions?.joined} joined with their outcome in windows`,
    ],
    [
      'windows',
      summary.windows?.map(({ verdict, modelVersion }) => `v${modelVersion} ${verdict}`).join(', '),
    ],
    [
      'drift',
      alert
        ? `${alert.columns.join(', ')}: PSI of single ${psi?.before.single} -> ${psi?.shifted.single}, after ${alert.delayEvents} rows`
        : 'none',
    ],
    [
      'retrained',
      retrained
        ? `v${retrained.version}; AUC on ${comparison?.rows} new rows ${auc(comparison?.championAuc)} -> ${auc(comparison?.candidateAuc)}`
        : 'no',
    ],
    [
      'audit',
      `${audit?.entries} entries verified offline, ${Object.keys(audit?.found ?? {}).length} forgeries found`,
    ],
    [
      'rights',
      summary.rights
        ? `data handed out, then erased; certificate ${summary.rights.certificateDigest.slice(0, 16)}`
        : '-',
    ],
    ['time', `${summary.wallSeconds?.toFixed(0)} s, after ${summary.readySeconds?.toFixed(1)} s to start`],
  ];
  return [
    '',
    ...lines.map(([name, value]) => `  ${String(name).padEnd(12)} ${value ?? '-'}`),
    '',
    'Look next:',
    `  ${summary.report}`,
    `  ${summary.rights?.documentation}`,
    `  ${entryUrl}/console/              the console; log in as auditor-1 or administrator`,
    `  ${entryUrl}/                      all services: API pages, metrics, health`,
    `  ${entryUrl}/monitoring/metrics    what Grafana draws (k8s/dashboards)`,
    '',
  ].join('\n');
}
