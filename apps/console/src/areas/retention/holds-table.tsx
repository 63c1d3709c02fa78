import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Person } from '../../parts/person';
import { Prose } from '../../parts/prose';
import { ReasonField } from '../../parts/reason-field';
import { fromLocalTime } from '../../parts/time-field';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import type { HoldAnswer } from './retention-answers';
import { ENFORCED_CLASSES, scopeText } from './retention-words';

const isOver = ({ until, liftedAt }: HoldAnswer): boolean =>
  liftedAt !== null || (until !== null && Date.parse(until) <= Date.now());

/** What may not be deleted by age, why and until when; those that are over as well. */
export function HoldsTable({ project }: { project: string }): ReactNode {
  const path = inProject('governance', project, 'retention', 'holds');
  const query = useGet<{ items: readonly HoldAnswer[] }>(path, { query: { all: 'true' } });
  const mayChange = useMay()('update', 'Retention', project);
  return (
    <Card title="Legal holds" actions={mayChange && <PlaceHold path={path} />}>
      <Loaded query={query} what="the legal holds">
        {({ items }) => (
          <DataTable<HoldAnswer>
            label="Legal holds"
            rows={items}
            keyOf={({ id }) => id}
            empty="There is no legal hold: what is due may be deleted."
            columns={[
              { header: 'Covers', cell: scopeText },
              { header: 'Why', cell: ({ reason }) => <Prose of={reason} /> },
              { header: 'Placed by', cell: ({ placedBy }) => <Person id={placedBy} /> },
              { header: 'Placed', cell: ({ placedAt }) => <When at={placedAt} /> },
              { header: 'Until', cell: ({ until }) => (until ? <When at={until} /> : 'it is lifted') },
              {
                header: 'State',
                cell: (hold) => (
                  <Toned tone={isOver(hold) ? 'quiet' : 'warn'}>
                    {hold.liftedAt ? 'lifted' : isOver(hold) ? 'over' : 'in force'}
                  </Toned>
                ),
              },
              {
                header: 'Lift',
                cell: (hold) =>
                  mayChange && !isOver(hold) ? (
                    <AskDialog
                      label="Lift"
                      danger
                      about="What it covers may be deleted by the next run."
                      change={(fields) => ({
                        method: 'POST',
                        path: `${path}/${encodeURIComponent(hold.id)}/lift`,
                        body: { reason: fieldOf(fields, 'reason') },
                      })}
                    >
                      <ReasonField />
                    </AskDialog>
                  ) : (
                    (hold.liftReason ?? '–')
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

function PlaceHold({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="Place a hold"
      doIt="Place it"
      variant="filled"
      size="sm"
      about="What it covers is not deleted by age while it stands. An erasure that a subject asked for is not stopped by it."
      change={(fields) => ({
        method: 'POST',
        path,
        body: {
          class: fieldOf(fields, 'class') || null,
          dataset: fieldOf(fields, 'dataset') || null,
          until: fromLocalTime(fieldOf(fields, 'until')),
          reason: fieldOf(fields, 'reason'),
        },
      })}
    >
      <NativeSelect
        name="class"
        label="Class"
        data={[
          { value: '', label: 'every class' },
          ...ENFORCED_CLASSES.map((each) => ({ value: each, label: words(each) })),
        ]}
        data-autofocus
      />
      <TextInput name="dataset" label="Dataset" placeholder="all of the project" />
      <TextInput name="until" label="Until" description="Empty: until it is lifted" type="datetime-local" />
      <ReasonField />
    </AskDialog>
  );
}
