import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyBundle } from '@steward/audit-log';
import type { DemoContext, DemoStep } from '../demo-context';
import type { DemoSummary } from '../demo-summary';
import { runCli } from '../run-cli';
import { TAMPERINGS } from '../tamper';
import { hold, until } from '../until';
import type { DatasetVersion } from './ingest';
import { observed, windows } from './predict';

/** What must stand in the log for the loop to be proved: action -> least number of entries of this project. */
const EXPECTED: Readonly<Record<string, number>> = {
  'project.create': 1,
  'contract.register': 1,
  'dataset-version.create': 1,
  'run.start': 1,
  'model-version.register': 1,
  'approval.request': 1,
  'approval.grant': 1,
  'alias.move': 1,
  'deployment.serve': 1,
  'monitor.create': 1,
};
const EXPECTED_OF_SHIFT: Readonly<Record<string, number>> = {
  'alert.raise': 1,
  'retraining.request': 1,
  'approval.grant': 2,
  'alias.move': 2,
  'deployment.serve': 2,
  'alert.resolve': 1,
};

interface AuditAnswer {
  readonly action: string;
  readonly project: string | null;
}

/** All versions of the applications, the oldest first. */
export async function datasetVersions({
  engineer,
  project,
}: DemoContext): Promise<DemoSummary['datasetVersions']> {
  const versions: DatasetVersion[] = [];
  const path = `/ingestion/v1/projects/${project}/datasets/applications/versions`;
  for await (const version of engineer.all<DatasetVersion>(path)) versions.push(version);
  return versions
    .toSorted((left, right) => left.version - right.version)
    .map((version) => ({ ...version, source: version.batch?.source ?? 'upload' }));
}

/** Data that only the end of the loop knows: versions, windows, counts. */
async function collect(context: DemoContext): Promise<void> {
  const { summary, sent, options } = context;
  const joined = options.control ? 0 : 300;
  await until('labelled rows to become dataset versions', 30_000, async () => {
    const versions = await datasetVersions(context);
    summary.datasetVersions = versions;
    return (
      options.broken === 'labels' || Math.max(...versions.map(({ labelledRows }) => labelledRows)) >= joined
    );
  });
  const { predictions, joined: outcomes } = await until(
    'monitoring to count every prediction',
    30_000,
    async () => {
      const seen = await observed(context);
      return seen.predictions >= sent.length && seen;
    },
  );
  summary.predictions = { sent: sent.length, logged: predictions, joined: outcomes };
  hold(
    predictions <= sent.length + context.unanswered,
    `${sent.length} predictions were answered and ${predictions} counted.`,
  );
  summary.windows = (await windows(context)).map((window) => ({
    id: window.id,
    modelVersion: window.modelVersion,
    rows: window.rows,
    verdict: window.verdict ?? 'open',
    alarmed: (window.report?.drift.columns ?? [])
      .filter(({ verdict }) => verdict === 'alert')
      .map(({ name }) => name),
  }));
}

async function holdComplete({ auditor, project, options }: DemoContext): Promise<void> {
  const expected = { ...EXPECTED, ...(options.control ? {} : EXPECTED_OF_SHIFT) };
  await until('every step to be in the audit log', 20_000, async () => {
    const counts: Record<string, number> = {};
    for await (const { action } of auditor.all<AuditAnswer>('/governance/v1/audit/entries', {
      project,
      limit: 200,
    }))
      counts[action] = (counts[action] ?? 0) + 1;
    const missing = Object.entries(expected).filter(([action, count]) => (counts[action] ?? 0) < count);
    return missing.length === 0;
  });
}

export const prove: DemoStep = {
  title: 'Prove: the audit log verified offline, six forgeries found, the report written',
  run: async (context) => {
    await collect(context);
    await holdComplete(context);
    const { auditor, options, platform, project, summary, tokens } = context;
    const publicKey = await auditor.get<{ publicKey: string }>('/governance/v1/audit/public-key');
    const exported = (await auditor.bytes('/governance/v1/audit/export')).toString('utf8').split(/(?<=\n)/);
    const lines = options.broken === 'audit-entry' ? TAMPERINGS.removed!(exported) : exported;
    const report = await verifyBundle(lines, publicKey.publicKey);
    hold(
      report.valid && report.head !== null,
      `The audit log does not verify: ${report.faults[0]?.message ?? 'it has no signed head.'}`,
    );
    const found: Record<string, string> = {};
    for (const [name, tamper] of Object.entries(TAMPERINGS)) {
      const { valid, faults } = await verifyBundle(tamper(lines), publicKey.publicKey, {
        seenHead: report.head,
      });
      hold(!valid, `A log with an entry ${name} verifies.`);
      found[name] = faults[0]!.kind;
    }
    const folder = join(platform.dataDir, 'demo', project);
    mkdirSync(folder, { recursive: true });
    const bundle = join(folder, 'audit.ndjson');
    writeFileSync(bundle, lines.join(''));
    await runCli(['audit', 'verify', bundle, '--public-key', publicKey.publicKey], {
      url: platform.entryUrl,
      token: tokens.auditor,
    });
    summary.report = join(folder, 'report.html');
    await runCli(['report', '--project', project, '--model', 'approval', '--output', summary.report], {
      url: platform.entryUrl,
      token: tokens.auditor,
    });
    summary.audit = { entries: report.entries, verified: true, head: report.head.root, found };
    return `${report.entries} entries verified offline; found: ${Object.keys(found).join(', ')}; report ${summary.report}`;
  },
};
