import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  BatchAnswer,
  ContractAnswer,
  DatasetAnswer,
  Page,
  QuarantineAnswer,
  VersionAnswer,
} from '@steward/client/answers';
import { usage } from '../cli-error';
import { byRule, short, time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly versions?: boolean;
  readonly quarantine?: string;
  readonly output?: string;
  readonly limit: number;
}

export const registerDatasets: Verb = (program, open) => {
  common(program.command('datasets'))
    .description('datasets; of one: contract and batches, versions, or the quarantine of a batch')
    .argument('[dataset]')
    .option('--versions', 'its versions')
    .option('--quarantine <batch>', 'the refused rows of one of its batches')
    .option('-o, --output <file>', 'with --quarantine: write all of them to a CSV file')
    .option('--limit <rows>', 'at most so many', positive, 100)
    .action(async (dataset: string | undefined, options: Options) => {
      const session = open(options);
      if (dataset === undefined) return list(session, options);
      if (options.quarantine !== undefined) return quarantine(session, dataset, options.quarantine, options);
      if (options.versions) return versions(session, dataset, options);
      return one(session, dataset, options);
    });
};

async function list(session: Session, { limit, versions, quarantine }: Options): Promise<void> {
  if (versions || quarantine !== undefined) throw usage('Say of which dataset: steward datasets DATASET ...');
  const page = await session.client.get<Page<DatasetAnswer>>(session.path('ingestion', 'datasets'), {
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    table(
      ['dataset', 'contract', 'versions', 'rows'],
      page.items.map(({ name, contractVersion, versions, rows }) => [name, contractVersion, versions, rows]),
      'No datasets yet. Make one: steward ingest --dataset NAME --contract contract.yaml FILE',
    ),
  );
}

async function one(session: Session, dataset: string, { limit }: Options): Promise<void> {
  const path = session.path('ingestion', 'datasets', dataset);
  const contract = await session.client.get<ContractAnswer>(`${path}/contract`);
  const batches = await session.client.get<Page<BatchAnswer>>(`${path}/batches`, {
    limit: Math.min(limit, 200),
  });
  session.show({ contract, batches }, () =>
    [
      `Contract version ${contract.version} (${short(contract.digest)}), key ${contract.contract.key.join(', ') || 'none'}`,
      table(
        ['column', 'class', 'type', 'empty', 'rule'],
        contract.contract.columns.map((column) => [
          column.name,
          column.class,
          column.type,
          column.nullable ? 'allowed' : 'refused',
          columnRule(column),
        ]),
        'no columns',
      ),
      '',
      table(
        ['batch', 'source', 'read', 'accepted', 'quarantined', 'by rule', 'version', 'time (UTC)'],
        batches.items.map((batch) => [
          batch.batch,
          batch.source,
          batch.read,
          batch.accepted,
          batch.quarantined,
          byRule(batch.byRule),
          batch.version,
          time(batch.createdAt),
        ]),
        'No batches yet.',
      ),
    ].join('\n'),
  );
}

/** What a contract asks of a column's values, in a few words. */
export function columnRule(column: ContractAnswer['contract']['columns'][number]): string {
  const { min, max, allowed, maxLength } = column;
  return [
    ...(min !== undefined || max !== undefined ? [`${min ?? ''} to ${max ?? ''}`.trim()] : []),
    ...(allowed ? [allowed.length > 6 ? `one of ${allowed.length} values` : allowed.join(' | ')] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ].join(', ');
}

async function versions(session: Session, dataset: string, { limit }: Options): Promise<void> {
  const path = `${session.path('ingestion', 'datasets', dataset)}/versions`;
  const page = await session.client.get<Page<VersionAnswer>>(path, { limit: Math.min(limit, 200) });
  session.show(page, () =>
    table(
      ['version', 'rows', 'labelled', 'contract', 'digest', 'Delta table', 'time (UTC)'],
      page.items.map((each) => [
        each.version,
        each.rows,
        each.labelledRows,
        each.contractVersion,
        short(each.digest),
        `${each.deltaPath}@${each.deltaVersion}`,
        time(each.createdAt),
      ]),
      'No versions yet.',
    ),
  );
}

async function quarantine(
  session: Session,
  dataset: string,
  batch: string,
  { limit, output }: Options,
): Promise<void> {
  const path = `${session.path('ingestion', 'datasets', dataset)}/batches/${encodeURIComponent(batch)}/quarantine`;
  if (output !== undefined) {
    await session
      .progress(`writing ${output}`)
      .during(() =>
        pipeline(
          Readable.from(session.client.stream(`${path}.csv`)),
          createWriteStream(output, { mode: 0o600 }),
        ),
      );
    return session.show({ file: output }, () => `Written to ${output}.`);
  }
  const page = await session.client.get<Page<QuarantineAnswer>>(path, { limit: Math.min(limit, 200) });
  session.show(page, () =>
    [
      table(
        ['row', 'line', 'column', 'rule', 'value'],
        page.items.map(({ row, line, column, rule, value }) => [row, line, column, rule, value]),
        'Nothing is in quarantine.',
      ),
      ...(page.next === null
        ? []
        : ['There are more: all of them with --output FILE, or a larger --limit (200 at most).']),
    ].join('\n'),
  );
}
