import { Tabs } from '@mantine/core';
import type { BatchAnswer, ContractAnswer, VersionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { count } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { PredictionsTable } from '../predictions/predictions-table';
import { ContractTable } from './contract-table';
import { RegisterContract } from './register-contract';
import { UploadBatch } from './upload-batch';

interface Props {
  readonly project: string;
  readonly dataset: string;
}

/** One dataset: contract, versions, uploads. */
export function DatasetPage({ project, dataset }: Props): ReactNode {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  return (
    <Page
      title={dataset}
      above={[['Datasets', pageOf(project, 'datasets')]]}
      actions={
        <>
          {may('create', 'Contract', project) && <RegisterContract project={project} dataset={dataset} />}
          {may('create', 'Dataset', project) && <UploadBatch project={project} dataset={dataset} />}
        </>
      }
    >
      <Tabs
        value={search.get('tab') ?? 'contract'}
        onChange={(tab) => setSearch(new URLSearchParams({ tab: tab ?? 'contract' }))}
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="contract">Contract</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="uploads">Uploads and quarantine</Tabs.Tab>
          {may('read', 'Prediction', project) && <Tabs.Tab value="predictions">Predictions</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="contract">
          <Contract project={project} dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions project={project} dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="uploads">
          <Uploads project={project} dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="predictions">
          <PredictionsTable project={project} dataset={dataset} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Contract({ project, dataset }: Props): ReactNode {
  const query = useGet<ContractAnswer>(inProject('ingestion', project, 'datasets', dataset, 'contract'));
  return (
    <Loaded query={query} what="the contract">
      {(contract) => <ContractTable contract={contract} />}
    </Loaded>
  );
}

function Versions({ project, dataset }: Props): ReactNode {
  return (
    <PagedTable<VersionAnswer>
      label={`Versions of ${dataset}`}
      path={inProject('ingestion', project, 'datasets', dataset, 'versions')}
      every={LIVE_MS}
      keyOf={({ version }) => version}
      empty="No rows have been accepted yet."
      columns={[
        { header: 'Version', figures: true, cell: ({ version }) => version },
        { header: 'Rows', figures: true, cell: ({ rows }) => count(rows) },
        { header: 'Labelled', figures: true, cell: ({ labelledRows }) => count(labelledRows) },
        { header: 'Contract', figures: true, cell: ({ contractVersion }) => contractVersion },
        { header: 'Digest', cell: ({ digest }) => <Mono of={digest} /> },
        { header: 'Delta table', cell: ({ deltaPath, deltaVersion }) => `${deltaPath}@${deltaVersion}` },
        { header: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
      ]}
    />
  );
}

function Uploads({ project, dataset }: Props): ReactNode {
  return (
    <PagedTable<BatchAnswer>
      label={`Uploads to ${dataset}`}
      path={inProject('ingestion', project, 'datasets', dataset, 'batches')}
      every={LIVE_MS}
      keyOf={({ batch }) => batch}
      empty="Nothing has been uploaded yet."
      columns={[
        { header: 'Source', cell: ({ source }) => source },
        { header: 'Read', figures: true, cell: ({ read }) => count(read) },
        { header: 'Accepted', figures: true, cell: ({ accepted }) => count(accepted) },
        {
          header: 'Quarantine',
          cell: ({ batch, quarantined, quarantineDeletedAt }) =>
            quarantined === 0 ? (
              <Toned tone="good">empty</Toned>
            ) : quarantineDeletedAt ? (
              'deleted after its time'
            ) : (
              <Go to={pageOf(project, 'datasets', dataset, 'quarantine', batch)}>
                {count(quarantined)} rows
              </Go>
            ),
        },
        {
          header: 'By rule',
          cell: ({ byRule }) =>
            Object.entries(byRule)
              .map(([rule, n]) => `${rule} ${n}`)
              .join(', ') || '–',
        },
        { header: 'Version', figures: true, cell: ({ version }) => version ?? '–' },
        { header: 'When', cell: ({ createdAt }) => <When at={createdAt} /> },
      ]}
    />
  );
}
