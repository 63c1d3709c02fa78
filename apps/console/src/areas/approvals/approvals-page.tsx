import { NativeSelect } from '@mantine/core';
import type { ApprovalAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { State } from '../../parts/tone';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { GateMarks } from './gate-marks';

const STATES = ['open', 'changes_requested', 'granted', 'rejected', 'expired', 'voided'];

/** Requests to move an alias of a model: the newest first. */
export function ApprovalsPage({ project }: { project: string }): ReactNode {
  const [{ state }, filter] = useFilters(['state']);
  return (
    <Page
      title="Approvals"
      about="No model takes an alias before a second person has approved it. Who started the run may not."
      actions={
        <NativeSelect
          size="xs"
          aria-label="State"
          value={state}
          data={[{ value: '', label: 'Every state' }, ...STATES]}
          onChange={({ currentTarget: { value } }) => filter({ state: value })}
        />
      }
    >
      <PagedTable<ApprovalAnswer>
        label="Approval requests"
        path={inProject('governance', project, 'approvals')}
        query={{ state }}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty={state ? `No request is ${state}.` : 'No model has asked for approval yet: finish a run first.'}
        columns={[
          {
            header: 'Request',
            cell: ({ id, model, version, alias }) => (
              <Go to={pageOf(project, 'approvals', id)}>
                {model} version {version} as {alias}
              </Go>
            ),
          },
          { header: 'State', cell: ({ state: now }) => <State of={now} /> },
          { header: 'Gates', cell: ({ gates }) => <GateMarks gates={gates} /> },
          { header: 'AUC', figures: true, cell: ({ figures }) => figure(figures?.auc) },
          { header: 'Asked by', cell: ({ trigger }) => (trigger === 'alert' ? 'an alert' : 'a person') },
          { header: 'Opened', cell: ({ openedAt }) => <When at={openedAt} /> },
          { header: 'Decided', cell: ({ decidedAt }) => <When at={decidedAt} /> },
        ]}
      />
    </Page>
  );
}
