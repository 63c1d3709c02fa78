import { byRule, count } from '../../format';
import { columnRule } from '../../verbs/datasets';
import { html, type Content, type Html } from '../html';
import { dataTable, digest, missing, moment, nothing, pill, section, shown } from '../page-parts';
import type { DatasetPart, ReportData } from '../report-data';

const eachDataset = (data: ReportData, body: (dataset: DatasetPart) => Content): Content =>
  data.datasets.map((part, at) =>
    part.found
      ? body(part.value)
      : html`<h3>${data.datasetNames[at]}</h3>
          ${missing(part.why)}`,
  );

/** Versions of the datasets that the model was trained on, and the batches that made them. */
export function dataSection(data: ReportData): Html {
  return section(
    'data',
    'Data',
    'Every version is immutable and holds all earlier rows. Its digest is taken over its content, so that another installation gets the same from the same data.',
    eachDataset(data, (dataset) => [
      html`<h3>${dataset.name}</h3>`,
      dataset.versions.length === 0
        ? nothing('No version yet.')
        : dataTable(
            `Versions of ${dataset.name}`,
            [
              '#Version',
              '#Rows',
              '#Labelled by outcomes',
              '#Contract',
              'Content digest',
              'Delta table',
              'Trained',
              'Made (UTC)',
            ],
            dataset.versions.map((version) => [
              version.version,
              count(version.rows),
              count(version.labelledRows),
              version.contractVersion,
              digest(version.digest),
              html`<code>${version.deltaPath}@${version.deltaVersion}</code>`,
              trainedOn(data, dataset.name, version.version),
              moment(version.createdAt),
            ]),
          ),
      dataset.batches.length === 0
        ? ''
        : dataTable(
            `Batches of ${dataset.name}: read = accepted + quarantined`,
            ['Batch', 'Source', '#Read', '#Accepted', '#Quarantined', 'By rule', '#Version', 'Time (UTC)'],
            dataset.batches.map((batch) => [
              digest(batch.digest),
              batch.source === 'labelled' ? 'outcomes' : batch.source,
              count(batch.read),
              count(batch.accepted),
              count(batch.quarantined),
              byRule(batch.byRule),
              batch.version ?? '-',
              moment(batch.createdAt),
            ]),
          ),
    ]),
  );
}

const trainedOn = ({ versions }: ReportData, dataset: string, number: number): string =>
  versions
    .filter(({ descriptor }) => descriptor.dataset === dataset && descriptor.datasetVersion === number)
    .map(({ version }) => `v${version}`)
    .reverse()
    .join(', ') || '-';

/** What rows must look like, and the class of each column. */
export function contractSection(data: ReportData): Html {
  return section(
    'contract',
    'Contract',
    'What a row must look like, and what each column is: identifiers are kept only encrypted under the key of the person, sensitive columns are never an input of a champion.',
    eachDataset(data, ({ name, contract }) => {
      const { label, groups, decisionThreshold, key, columns } = contract.contract;
      return [
        html`<h3>
          ${name}, contract version ${contract.version} <small>${digest(contract.digest)}</small>
        </h3>`,
        html`<p>
          The model predicts <strong>${label.column} = ${label.positive}</strong> and decides for it from a
          probability of ${decisionThreshold}. Favourable for the person is
          <strong>${label.favourable}</strong>. Fairness is measured by ${groups.join(', ') || 'no group'}.
          Key: ${key.join(', ') || 'none'}. Last changed by
          ${data.people.get(contract.changedBy) ?? contract.changedBy}, ${moment(contract.createdAt)}.
        </p>`,
        dataTable(
          `Columns of ${name}`,
          ['Column', 'Class', 'Type', 'Empty values', 'Rule'],
          columns.map((column) => [
            column.name,
            column.class === 'sensitive' || column.class === 'identifier'
              ? pill('open', column.class)
              : column.class,
            column.type,
            column.nullable ? 'allowed' : 'refused',
            columnRule(column) || '-',
          ]),
        ),
      ];
    }),
  );
}

/** What was refused, by rule, with values as the service shows them: identifiers masked. */
export function quarantineSection(data: ReportData): Html {
  return section(
    'quarantine',
    'Quarantine',
    'Rows that broke the contract. They never reach a dataset version; identifiers are masked, and the rows themselves are deleted after their time.',
    eachDataset(data, ({ name, quarantine }) =>
      quarantine.length === 0
        ? nothing(`No row of ${name} was refused.`)
        : quarantine.map(({ batch, rows }) => [
            html`<h3>
              ${name}, batch ${digest(batch.digest)}: ${count(batch.quarantined)} of ${count(batch.read)} rows
            </h3>`,
            html`<p>By rule: ${byRule(batch.byRule)}.</p>`,
            shown(rows, (refused) =>
              dataTable(
                refused.length < batch.quarantined
                  ? `The first ${refused.length} refused rows`
                  : 'Refused rows',
                ['#Row', '#Line', 'Column', 'Rule', 'Value'],
                refused.map(({ row, line, column, rule, value }) => [
                  row,
                  line ?? '-',
                  column ?? '-',
                  rule,
                  value === null
                    ? '-'
                    : html`<code class="value">${value === '' ? '(empty)' : value.slice(0, 80)}</code>`,
                ]),
              ),
            ),
          ]),
    ),
  );
}
