import { eventTable, fact, facts, figure, moment, owed, section, short, table } from '../blocks';
import type { Section } from '../report';
import { newest, type ReportMaterial } from '../report-material';

/** What the data must look like, which columns are sensitive, and what the decision is about. */
export function contractSection({ events }: ReportMaterial, basis: string | null): Section {
  const latest = newest(events.contracts);
  const contract = latest?.payload.contract;
  return section(
    'data-contract',
    'What the data must look like',
    basis,
    latest && contract
      ? [
          facts(
            fact(
              'Data set',
              `${contract.dataset}, contract version ${latest.payload.contractVersion}`,
              latest.source,
            ),
            fact(
              'Label',
              `${contract.label.column}: ${contract.label.positive} or ${contract.label.negative}; favourable: ${contract.label.favourable}`,
              latest.source,
            ),
            fact('Fairness is measured by', contract.groups.join(', ') || 'nothing', latest.source),
            fact('Registered by', `${latest.payload.changedBy} on ${moment(latest.time)} UTC`, latest.source),
          ),
          table(
            'Columns',
            ['column', 'type', 'class', 'may be missing', 'allowed'],
            contract.columns.map((column) => [
              [
                column.name,
                column.type,
                column.class,
                column.nullable ? 'yes' : 'no',
                column.allowed?.join(', ') ??
                  (column.min === undefined && column.max === undefined
                    ? ''
                    : `${column.min ?? ''} to ${column.max ?? ''}`),
              ],
              latest.source,
            ]),
          ),
        ]
      : [],
    [!contract && owed('the contract of the data', 'a data engineer: steward datasets contract')],
  );
}

/** Where the rows came from, and what was refused. */
export function dataSection({ events }: ReportMaterial, basis: string | null): Section {
  const versions = events.datasetVersions;
  const read = versions.reduce((sum, { payload }) => sum + payload.batch.read, 0);
  const refused = versions.reduce((sum, { payload }) => sum + payload.batch.quarantined, 0);
  return section(
    'data',
    'Where the data came from',
    basis,
    versions.length > 0
      ? [
          facts(
            fact('Records read', figure(read)),
            fact('Refused by the contract and put into quarantine', figure(refused)),
            fact(
              'Rows in the newest version',
              figure(newest(versions)!.payload.rows),
              newest(versions)!.source,
            ),
          ),
          eventTable(
            'Versions; each is an immutable table, named by the digest of its content',
            [
              'data set',
              'version',
              'made (UTC)',
              'source',
              'read',
              'accepted',
              'quarantined',
              'rows',
              'digest',
            ],
            versions,
            ({ payload, time }) => [
              payload.dataset,
              String(payload.version),
              moment(time),
              payload.batch.source === 'labelled' ? 'joined outcomes' : 'upload',
              figure(payload.batch.read),
              figure(payload.batch.accepted),
              figure(payload.batch.quarantined),
              figure(payload.rows),
              short(payload.digest),
            ],
          ),
        ]
      : [],
    [
      versions.length === 0 && owed('data', 'a data engineer: steward ingest'),
      owed(
        'how the data was collected and from whom, and its known gaps',
        'the data engineer: attach it to the approval request as evidence',
      ),
    ],
  );
}
