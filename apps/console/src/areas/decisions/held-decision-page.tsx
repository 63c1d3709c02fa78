import { Stack } from '@mantine/core';
import type { WholeHeldDecisionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Prose } from '../../parts/prose';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { ExplainLink } from '../predictions/explain-link';
import { DecisionActions } from './decision-actions';
import { decisionTone } from './decision-tone';

interface Inputs {
  readonly dataset: string;
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[];
  readonly withheld: readonly string[];
}

/** One held decision: what the model would do and why it was held, the inputs that may be seen, and every step. */
export function HeldDecisionPage({ project, id }: { project: string; id: string }): ReactNode {
  const may = useMay();
  const path = inProject('governance', project, 'held-decisions', id);
  const query = useGet<WholeHeldDecisionAnswer>(path, { every: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={`Decision ${id.slice(-8)}`}
      above={[['Held decisions', pageOf(project, 'held-decisions')]]}
      actions={data && may('review', 'HeldDecision', project) && <DecisionActions path={path} of={data} />}
    >
      <Loaded query={query} what="the decision">
        {(decision) => (
          <Stack gap="md">
            <DecisionFacts project={project} of={decision} />
            {may('read', 'Prediction', project) && <InputsCard project={project} of={decision} />}
            <Steps of={decision.steps} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function DecisionFacts({ project, of }: { project: string; of: WholeHeldDecisionAnswer }): ReactNode {
  return (
    <Card title="Decision">
      <Facts
        of={[
          ['State', <State key="state" of={of.state} tone={decisionTone(of.state)} />],
          ['Decided', of.label],
          ['The model says', of.proposed],
          ['Score', figure(of.score)],
          ['Held because', of.because],
          ['It may be', of.classes.join(' or ')],
          [
            'Model',
            <Go key="model" to={pageOf(project, 'models', of.model, of.version)}>
              {`${of.model} version ${of.version}`}
            </Go>,
          ],
          ['Policy', `version ${of.policyVersion}`],
          ['Subject', of.pseudonym ? <Mono key="subject" of={of.pseudonym} length={16} /> : 'not named'],
          [
            'Prediction',
            <ExplainLink key="prediction" project={project} prediction={of.predictionId} row={of.row} />,
          ],
          ['Held', <When key="held" at={of.heldAt} />],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(of.correlation)}`}>
              {of.correlation.slice(-8)}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

function InputsCard({ project, of }: { project: string; of: WholeHeldDecisionAnswer }): ReactNode {
  const query = useGet<Inputs>(
    inProject('ingestion', project, 'predictions', of.predictionId, 'rows', of.row),
  );
  return (
    <Card title="Inputs">
      <Loaded query={query} what="the inputs">
        {({ inputs, withheld }) => (
          <>
            <DataTable
              label="Inputs of the model"
              rows={inputs}
              keyOf={({ column }) => column}
              empty="None of its columns may be shown."
              columns={[
                { header: 'Column', cell: ({ column }) => column },
                { header: 'Value', cell: ({ value }) => value ?? 'missing' },
              ]}
            />
            <Facts
              of={[
                [
                  'Withheld from everybody here',
                  withheld.length > 0 ? `${withheld.join(', ')} (sensitive, or names a person)` : 'nothing',
                ],
              ]}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Steps({ of }: Pick<{ of: WholeHeldDecisionAnswer['steps'] }, 'of'>): ReactNode {
  return (
    <Card title="What was done">
      <DataTable
        label="Steps, oldest first"
        rows={of}
        keyOf={({ id }) => id}
        empty="Nobody has decided it yet."
        columns={[
          {
            header: 'Step',
            cell: ({ kind, label }) => (kind === 'decide' ? `decided: ${label}` : 'contested'),
          },
          { header: 'Reason', cell: ({ reason }) => <Prose of={reason} none="erased" /> },
          { header: 'Answer to the subject', cell: ({ answer }) => <Prose of={answer} /> },
          { header: 'By', cell: ({ by }) => <Person id={by} /> },
          { header: 'When', cell: ({ at }) => <When at={at} /> },
        ]}
      />
    </Card>
  );
}
