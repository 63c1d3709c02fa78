import { Code, NumberInput, Stack } from '@mantine/core';
import type { PipelineAnswer, RunAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Facts } from '../../parts/facts';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { RunsTable } from './runs-table';

/** One pipeline: its definition and its runs. */
export function PipelinePage({ project, pipeline }: { project: string; pipeline: string }): ReactNode {
  const may = useMay();
  const path = inProject('training', project, 'pipelines', pipeline);
  const query = useGet<PipelineAnswer>(path);
  const text = query.data ? JSON.stringify(query.data.definition, null, 2) : '';
  return (
    <Page
      title={pipeline}
      above={[['Pipelines', pageOf(project, 'pipelines')]]}
      actions={
        <>
          {may('update', 'Pipeline', project) && query.data && (
            <DefinitionDialog
              label="Change"
              kind="Pipeline"
              name={pipeline}
              text={text}
              pathOf={() => path}
            />
          )}
          {may('run', 'Pipeline', project) && <StartRun project={project} path={path} />}
        </>
      }
    >
      <Stack gap="md">
        <Loaded query={query} what="the pipeline">
          {({ version, digest, definition, changedBy, changedAt }) => (
            <Card title={`Version ${version}`}>
              <Facts
                of={[
                  [
                    'Dataset',
                    <Go key="dataset" to={pageOf(project, 'datasets', definition.dataset)}>
                      {definition.dataset}
                    </Go>,
                  ],
                  ['Model', definition.model],
                  ['Inputs', definition.inputs.join(', ')],
                  [
                    'Validation',
                    `${definition.folds} folds, ${definition.holdOut * 100} % held out, by ${definition.metric}`,
                  ],
                  ['Digest', <Mono key="digest" of={digest} length={24} />],
                  ['Changed by', <Person key="who" id={changedBy} />],
                  ['Since', <When key="when" at={changedAt} />],
                ]}
              />
              <details>
                <summary>Definition</summary>
                <Code block tabIndex={0} aria-label="Definition">
                  {text}
                </Code>
              </details>
            </Card>
          )}
        </Loaded>
        <Card title="Runs">
          <RunsTable project={project} pipeline={pipeline} />
        </Card>
      </Stack>
    </Page>
  );
}

function StartRun({ project, path }: { project: string; path: string }): ReactNode {
  const [, go] = useLocation();
  return (
    <AskDialog<RunAnswer>
      label="Start a run"
      doIt="Start"
      variant="filled"
      size="sm"
      about="Who starts a run cannot approve the model that comes out of it."
      change={(fields) => {
        const version = fieldOf(fields, 'version');
        return {
          method: 'POST',
          path: `${path}/runs`,
          body: version === '' ? {} : { datasetVersion: Number(version) },
        };
      }}
      done={({ id }) => {
        go(pageOf(project, 'runs', id));
        return null;
      }}
    >
      <NumberInput
        name="version"
        label="Dataset version"
        description="The newest, where this is empty"
        min={1}
        allowDecimal={false}
      />
    </AskDialog>
  );
}
