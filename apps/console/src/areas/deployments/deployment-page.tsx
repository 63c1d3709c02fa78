import { Stack } from '@mantine/core';
import type { ModelDeploymentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { bytes, count, figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { State, Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { DeploymentActions } from './deployment-actions';
import { ExperimentCard } from './experiment-card';
import { PlanCard } from './plan-card';
import { RolloutCard } from './rollout-card';

interface Props {
  readonly project: string;
  readonly model: string;
}

/** How one model is served: who answers what share, the plan, the canary with its gates, arms, shadow, and the log. */
export function DeploymentPage({ project, model }: Props): ReactNode {
  const path = inProject('inference', project, 'deployments', model);
  const query = useGet<ModelDeploymentAnswer>(path, { every: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={`Deployment of ${model}`}
      above={[['Deployments', pageOf(project, 'deployments')]]}
      actions={data && <DeploymentActions project={project} path={path} of={data} />}
    >
      <Loaded query={query} what="the deployment">
        {(deployment) => (
          <Stack gap="md">
            <Served project={project} of={deployment} />
            {deployment.rollout && (
              <RolloutCard project={project} model={model} path={path} of={deployment.rollout} />
            )}
            {deployment.experiment && <ExperimentCard arms={deployment.experiment.arms} />}
            {deployment.shadow && <ShadowCard of={deployment.shadow} />}
            <PlanCard project={project} path={path} of={deployment} />
            <Aliases project={project} of={deployment} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Served({ project, of }: { project: string; of: ModelDeploymentAnswer }): ReactNode {
  const { log } = of;
  return (
    <Card title="Who answers">
      <DataTable
        label="Shares of the requests that name no version"
        rows={of.traffic}
        keyOf={({ role, version }) => `${role} ${version}`}
        empty="Nothing answers: no version is served."
        columns={[
          { header: 'Role', cell: ({ role }) => role },
          {
            header: 'Version',
            cell: ({ version }) => (
              <Go to={pageOf(project, 'models', of.model, version)}>version {version}</Go>
            ),
          },
          { header: 'Share', figures: true, cell: ({ percent }) => `${figure(percent, 1)} %` },
        ]}
      />
      <Facts
        of={[
          ['Name in the protocol', of.name],
          ['May be named', of.versions.map((version) => `version ${version}`).join(', ') || 'none'],
          [
            'Labels',
            Object.entries(of.labels)
              .map(([label, version]) => `${label}: version ${version}`)
              .join(', ') || 'none',
          ],
          ['Prediction log', log.mode],
          [
            'Event bus',
            log.away ? (
              <Toned key="away" tone="bad">
                away: predictions wait on the disk
              </Toned>
            ) : null,
          ],
          ['Waits on the disk', log.spooledBytes > 0 ? bytes(log.spooledBytes) : null],
          [
            'Lost',
            log.lostEvents > 0 ? (
              <Toned key="lost" tone="bad">
                {count(log.lostEvents)} events
              </Toned>
            ) : null,
          ],
          [
            'Plan',
            of.planVersion === 0 ? (
              'the default one'
            ) : (
              <>
                version {of.planVersion}, by <Person id={of.changedBy} />, <When at={of.changedAt} />
              </>
            ),
          ],
        ]}
      />
    </Card>
  );
}

function ShadowCard({ of }: { of: NonNullable<ModelDeploymentAnswer['shadow']> }): ReactNode {
  return (
    <Card title="Shadow">
      <Facts
        of={[
          ['Scores', `version ${of.version} after ${figure(of.percent, 0)} % of the answers`],
          ['Compared with', `version ${of.comparedWith}`],
          ['Rows', count(of.rows)],
          ['Other label', figure(of.disagreement)],
          ['Score differs by (mean, absolute)', figure(of.meanAbsoluteDifference)],
          ['Score differs by (mean)', figure(of.meanDifference)],
          ['Largest difference', figure(of.largestDifference)],
          ['Failed', count(of.failed)],
          ['Skipped', count(of.skipped)],
        ]}
      />
    </Card>
  );
}

function Aliases({ project, of }: { project: string; of: ModelDeploymentAnswer }): ReactNode {
  return (
    <Card title="Aliases">
      <DataTable
        label="What each alias points to, as inference has it"
        rows={of.aliases}
        keyOf={({ alias }) => alias}
        empty="No alias points to a version."
        columns={[
          { header: 'Alias', cell: ({ alias }) => alias },
          {
            header: 'Version',
            cell: ({ version }) => (
              <Go to={pageOf(project, 'models', of.model, version)}>version {version}</Go>
            ),
          },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          { header: 'Why not', cell: ({ failure }) => failure ?? '–' },
          { header: 'Digest', cell: ({ digest }) => <Mono of={digest} /> },
          { header: 'Changed', cell: ({ changedAt }) => <When at={changedAt} /> },
        ]}
      />
    </Card>
  );
}
