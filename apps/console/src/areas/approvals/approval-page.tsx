import { Stack } from '@mantine/core';
import type { ApprovalAnswer, DecisionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS, useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { ApprovalActions } from './approval-actions';
import { causesByPerson } from './causes-by-person';
import { CommentsCard } from './comments-card';
import { EvidenceCard } from './evidence-card';
import { CandidateAndChampion } from './candidate-and-champion';
import { GatesCard } from './gates-card';

/** One request: what is asked for, what was measured, who may not decide, and the decision. */
export function ApprovalPage({ project, id }: { project: string; id: string }): ReactNode {
  const query = useGet<ApprovalAnswer>(inProject('governance', project, 'approvals', id), { every: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={data ? `${data.model} version ${data.version} as ${data.alias}` : 'Approval request'}
      above={[['Approvals', pageOf(project, 'approvals')]]}
      actions={data && <ApprovalActions project={project} approval={data} />}
    >
      <Loaded query={query} what="the request">
        {(approval) => (
          <Stack gap="md">
            <RequestFacts project={project} approval={approval} />
            <GatesCard project={project} approval={approval} />
            <CandidateAndChampion project={project} approval={approval} />
            <Decisions decisions={approval.decisions ?? []} />
            <EvidenceCard project={project} approval={approval} />
            <CommentsCard project={project} approval={approval} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function RequestFacts({ project, approval }: { project: string; approval: ApprovalAnswer }): ReactNode {
  const { state, digest, replaces, runId, trigger, policy, excluded, openedAt, decidedAt } = approval;
  const { round = 1, expiresAt, policyVersion = 0, policyEnvironment = '*' } = approval;
  return (
    <Card title="Request">
      <Facts
        of={[
          ['State', <State key="state" of={state} />],
          ['Model digest', <Mono key="digest" of={digest} length={24} />],
          [
            'Takes the place of',
            replaces ? <Mono key="replaces" of={replaces} length={24} /> : 'nothing: the alias is free',
          ],
          [
            'Run',
            <Go key="run" to={pageOf(project, 'runs', runId)}>
              {runId.slice(-8)}
            </Go>,
          ],
          ['Asked for by', trigger === 'alert' ? 'an alert (retraining)' : 'a person'],
          ['Policy', policy ? `${policy.approvers} of: ${policy.roles.map(words).join(', ')}` : null],
          [
            'Policy’s version',
            `${policyVersion === 0 ? 'the default' : policyVersion}, of ${policyEnvironment === '*' ? 'any environment' : policyEnvironment}`,
          ],
          ['Round', round > 1 ? `${round}: changes were asked for and answered` : null],
          ['Expires', expiresAt ? <When key="expires" at={expiresAt} /> : null],
          ['Opened', <When key="opened" at={openedAt} />],
          ['Decided', decidedAt ? <When key="decided" at={decidedAt} /> : null],
          [
            'May not approve',
            excluded.length === 0
              ? 'nobody is excluded'
              : causesByPerson(excluded).map(({ person, causes }) => (
                  <div key={person}>
                    <Person id={person} />: {causes.map(words).join(', ')}
                  </div>
                )),
          ],
        ]}
      />
    </Card>
  );
}

function Decisions({ decisions }: { decisions: readonly DecisionAnswer[] }): ReactNode {
  return (
    <Card title="Decisions">
      <DataTable
        label="Decisions"
        rows={decisions}
        keyOf={({ decidedAt, person, kind }) => `${decidedAt} ${person} ${kind}`}
        empty="Nobody has decided yet."
        columns={[
          { header: 'Who', cell: ({ person }) => <Person id={person} /> },
          {
            header: 'What',
            cell: ({ kind, gate }) => (gate ? `${kind} ${words(gate)}` : words(kind)),
          },
          { header: 'Counts', cell: ({ counts }) => (counts === false ? 'no' : 'yes') },
          { header: 'Why', cell: ({ reason }) => reason ?? '–' },
          { header: 'When', cell: ({ decidedAt }) => <When at={decidedAt} /> },
        ]}
      />
    </Card>
  );
}
