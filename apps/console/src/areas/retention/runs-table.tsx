import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { inProject } from '../../api/request';
import { LIVE_MS } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { count, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import type { RetentionRunAnswer } from './retention-answers';
import { ENFORCED_CLASSES, itemsOf, runState, runTone } from './retention-words';

/** Runs, newest first. */
export function RunsTable({ project }: { project: string }): ReactNode {
  const path = inProject('governance', project, 'retention', 'runs');
  return (
    <Card
      title="Runs"
      actions={useMay()('create', 'Retention', project) && <CountNow project={project} path={path} />}
    >
      <PagedTable<RetentionRunAnswer>
        label="Runs of retention"
        path={path}
        every={LIVE_MS}
        keyOf={({ id }) => id}
        empty="There has been no run."
        columns={[
          {
            header: 'Run',
            cell: ({ id }) => <Go to={pageOf(project, 'retention', 'runs', id)}>{id.slice(-8)}</Go>,
          },
          { header: 'State', cell: (run) => <Toned tone={runTone(run.state)}>{runState(run)}</Toned> },
          { header: 'Opened', cell: ({ openedAt }) => <When at={openedAt} /> },
          {
            header: 'By',
            cell: ({ origin, openedBy }) =>
              origin === 'schedule' ? 'the schedule' : <Person id={openedBy} />,
          },
          {
            header: 'Confirmed by',
            cell: ({ confirmedBy, unattended }) =>
              confirmedBy && unattended ? 'the policy' : <Person id={confirmedBy} />,
          },
          { header: 'Counted', figures: true, cell: ({ counts }) => (counts ? count(itemsOf(counts)) : '–') },
          { header: 'Deleted', figures: true, cell: ({ deletedItems }) => count(deletedItems) },
        ]}
      />
    </Card>
  );
}

function CountNow({ project, path }: { project: string; path: string }): ReactNode {
  const [, go] = useLocation();
  return (
    <AskDialog<RetentionRunAnswer>
      label="Count what is due"
      doIt="Count"
      variant="filled"
      size="sm"
      about="A dry run: every service counts what would go. Nothing is deleted until another person confirms it."
      change={(fields) => {
        const classes = fields.getAll('class');
        return { method: 'POST', path, body: classes.length === 0 ? {} : { classes } };
      }}
      done={({ id }) => {
        go(pageOf(project, 'retention', 'runs', id));
        return null;
      }}
    >
      <Checkbox.Group label="Only of these classes" description="None chosen: of all.">
        {ENFORCED_CLASSES.map((each) => (
          <Checkbox key={each} mt={6} name="class" value={each} label={words(each)} />
        ))}
      </Checkbox.Group>
    </AskDialog>
  );
}
