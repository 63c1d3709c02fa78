import { Button, Stack } from '@mantine/core';
import type { EvaluationAnswer, ModelVersionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { figure, figureName } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { When } from '../../parts/when';
import { FairnessComparison } from '../approvals/fairness-comparison';
import { MetricsComparison } from '../approvals/metrics-comparison';
import { Lineage } from './lineage';
import { ReferenceComparison } from './reference-comparison';

interface Props {
  readonly project: string;
  readonly model: string;
  readonly version: number;
}

/** One version: what it is, where it comes from, how good and how fair it is. */
export function ModelVersionPage({ project, model, version }: Props): ReactNode {
  const path = inProject('training', project, 'models', model, 'versions', version);
  const query = useGet<ModelVersionAnswer>(path);
  const evaluation = useGet<EvaluationAnswer>(`${path}/evaluation`);
  return (
    <Page
      title={`${model} version ${version}`}
      above={[
        ['Models', pageOf(project, 'models')],
        [model, pageOf(project, 'models', model)],
      ]}
      actions={
        <Button component="a" href={`${path}/onnx`} download variant="default" size="xs">
          Download as ONNX
        </Button>
      }
    >
      <Loaded query={query} what="the version">
        {(found) => (
          <Stack gap="md">
            <VersionFacts project={project} of={found} />
            <Card title="Where it comes from">
              <Lineage project={project} title="From data to model" of={found} />
            </Card>
            <Card title="Figures and fairness">
              <Loaded query={evaluation} what="the evaluation">
                {(measured) => (
                  <Stack gap="lg">
                    <MetricsComparison candidate={measured} champion={null} />
                    <FairnessComparison candidate={measured} champion={null} />
                  </Stack>
                )}
              </Loaded>
            </Card>
            <Card title="Reference of the drift tests">
              <ReferenceComparison project={project} model={model} candidate={version} champion={null} />
            </Card>
            <Inputs of={found} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function VersionFacts({ project, of }: { project: string; of: ModelVersionAnswer }): ReactNode {
  const { descriptor, metrics } = of;
  return (
    <Card title="Version">
      <Facts
        of={[
          ['Digest', <Mono key="digest" of={of.digest} length={32} />],
          ['Learner', of.learner],
          [
            'Run',
            <Go key="run" to={pageOf(project, 'runs', of.runId)}>
              {of.runId.slice(-8)}
            </Go>,
          ],
          ['Classes', descriptor.classes.join(', ')],
          ['Favourable', descriptor.favourable],
          ['Decides at', descriptor.decisionThreshold],
          ['Sensitive columns', descriptor.sensitive.join(', ') || 'none'],
          ...Object.entries(metrics).map(([name, value]) => [figureName(name), figure(value)] as const),
          ['Made', <When key="when" at={of.registeredAt} />],
        ]}
      />
    </Card>
  );
}

function Inputs({ of: { descriptor } }: { of: ModelVersionAnswer }): ReactNode {
  return (
    <Card title="Inputs">
      <DataTable
        label="Inputs"
        rows={descriptor.inputs}
        keyOf={({ name }) => name}
        empty="It has no inputs."
        columns={[
          { header: 'Input', cell: ({ name }) => name },
          { header: 'Kind', cell: ({ kind }) => kind },
        ]}
      />
    </Card>
  );
}
