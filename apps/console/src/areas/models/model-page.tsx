import { Stack } from '@mantine/core';
import type { AliasesAnswer, AliasMoveAnswer, ModelVersionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { ModelRiskCard } from '../assessments/model-risk-card';

interface Props {
  readonly project: string;
  readonly model: string;
}

/** One model: its versions, and every move of its aliases. */
export function ModelPage({ project, model }: Props): ReactNode {
  return (
    <Page title={model} above={[['Models', pageOf(project, 'models')]]}>
      <Stack gap="md">
        <Card title="Versions">
          <PagedTable<ModelVersionAnswer>
            label={`Versions of ${model}`}
            path={inProject('training', project, 'models', model, 'versions')}
            every={LIVE_MS}
            keyOf={({ version }) => version}
            empty="There is no version."
            columns={[
              {
                header: 'Version',
                cell: ({ version }) => (
                  <Go to={pageOf(project, 'models', model, version)}>version {version}</Go>
                ),
              },
              { header: 'Learner', cell: ({ learner }) => learner },
              { header: 'AUC', figures: true, cell: ({ metrics }) => figure(metrics.auc) },
              {
                header: 'Data',
                cell: ({ descriptor }) => `${descriptor.dataset} version ${descriptor.datasetVersion}`,
              },
              { header: 'Digest', cell: ({ digest }) => <Mono of={digest} /> },
              { header: 'Made', cell: ({ registeredAt }) => <When at={registeredAt} /> },
            ]}
          />
        </Card>
        <Flags project={project} model={model} />
        <ModelRiskCard project={project} model={model} />
        <Aliases project={project} model={model} />
      </Stack>
    </Page>
  );
}

interface FlagAnswer {
  readonly version: number;
  readonly requestId: string;
  readonly because: string;
  readonly flaggedAt: string;
}

/** Versions that learnt from rows which are not as they were; nothing where there is none. */
function Flags({ project, model }: Props): ReactNode {
  const { data, error } = useGet<{ items: readonly FlagAnswer[] }>(
    inProject('training', project, 'models', model, 'flags'),
  );
  if (error) return <ProblemNote error={error} />;
  if (!data || data.items.length === 0) return null;
  return (
    <Card title="Learnt from data that has changed">
      <DataTable<FlagAnswer>
        label="Versions whose training rows were erased or corrected"
        rows={data.items}
        keyOf={({ version, requestId }) => `${version} ${requestId}`}
        empty=""
        columns={[
          { header: 'Version', cell: ({ version }) => `version ${version}` },
          { header: 'Because of', cell: ({ because }) => because },
          {
            header: 'Request',
            cell: ({ requestId }) => (
              <Go to={pageOf(project, 'subject-requests', requestId)}>{requestId.slice(-8)}</Go>
            ),
          },
          { header: 'Since', cell: ({ flaggedAt }) => <When at={flaggedAt} /> },
        ]}
      />
    </Card>
  );
}

function Aliases({ project, model }: Props): ReactNode {
  const query = useGet<AliasesAnswer>(inProject('training', project, 'models', model, 'aliases'), {
    every: LIVE_MS,
  });
  return (
    <Card title="Aliases">
      <Loaded query={query} what="the aliases">
        {({ history }) => (
          <DataTable<AliasMoveAnswer>
            label="Moves of aliases, newest first"
            rows={history.toReversed()}
            keyOf={({ requestId }) => requestId}
            empty="No alias has been set: a model must be approved first."
            columns={[
              { header: 'Alias', cell: ({ alias }) => alias },
              { header: 'To', cell: ({ version }) => `version ${version}` },
              {
                header: 'From',
                cell: ({ previousVersion }) =>
                  previousVersion === null ? '–' : `version ${previousVersion}`,
              },
              {
                header: 'Approved by',
                cell: ({ approvers }) => approvers.map((id) => <Person key={id} id={id} />),
              },
              {
                header: 'Request',
                cell: ({ requestId }) => (
                  <Go to={pageOf(project, 'approvals', requestId)}>{requestId.slice(-8)}</Go>
                ),
              },
              { header: 'When', cell: ({ movedAt }) => <When at={movedAt} /> },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
