import type { StewardClient } from '@steward/client';
import type { DemoStep } from '../demo-context';
import { exampleText } from '../lending-data';
import { hold, until } from '../until';

const BROKEN = 12;
const GOOD = 1_200;

export interface UploadAnswer {
  readonly batch: string;
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly byRule: Record<string, number>;
  readonly version: number | null;
}

export interface DatasetVersion {
  readonly version: number;
  readonly digest: string;
  readonly rows: number;
  readonly labelledRows: number;
  readonly deltaPath: string;
  readonly deltaUrl: string;
  readonly deltaVersion: number;
  readonly batch?: { readonly source: string };
}

/** Contract and first upload; also what the twin installation does. */
export async function uploadInitial(engineer: StewardClient, project: string): Promise<UploadAnswer> {
  const dataset = `/ingestion/v1/projects/${project}/datasets/applications`;
  // The new project reaches ingestion by event.
  await until('ingestion to know the project', 10_000, () =>
    engineer.put(`${dataset}/contract`, exampleText('contract.yaml'), { type: 'application/yaml' }).then(
      () => true,
      (error: { kind?: string }) => {
        if (error.kind === 'not_found' || error.kind === 'unauthenticated' || error.kind === 'forbidden')
          return false;
        throw error;
      },
    ),
  );
  return engineer.post<UploadAnswer>(`${dataset}/batches`, exampleText('data/initial.csv'), {
    type: 'text/csv',
    again: true,
  });
}

export const ingest: DemoStep = {
  title: 'Ingest 1,200 applications and 12 records broken by us',
  run: async ({ engineer, project, summary, options }) => {
    const answer = await uploadInitial(engineer, project);
    const { read, accepted, quarantined, byRule } = answer;
    summary.rows = { read, accepted, quarantined, byRule };
    hold(
      read === accepted + quarantined,
      `${read} records were read, but ${accepted} accepted and ${quarantined} quarantined.`,
    );
    const expected = options.broken === 'quarantine' ? BROKEN + 1 : BROKEN;
    hold(quarantined === expected, `${expected} records belong in quarantine; ${quarantined} are.`);
    hold(accepted === GOOD, `${GOOD} rows are good; ${accepted} were accepted.`);
    const path = `/ingestion/v1/projects/${project}/datasets/applications/batches/${answer.batch}/quarantine`;
    const listed: { rule: string; value?: unknown }[] = [];
    for await (const record of engineer.all<{ rule: string }>(path)) listed.push(record);
    hold(listed.length >= BROKEN, `The quarantine lists ${listed.length} faults.`);
    hold(!/A-0\d{5}/.test(JSON.stringify(listed)), 'An identifier stands in the quarantine listing.');
    const rules = Object.entries(byRule).map(([rule, count]) => `${rule} ${count}`);
    return `${read} read = ${accepted} accepted + ${quarantined} quarantined (${rules.join(', ')})`;
  },
};
