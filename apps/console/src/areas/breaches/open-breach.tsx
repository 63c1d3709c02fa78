import { Group, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import type { DatasetAnswer, Page } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { fromLocalTime, toLocalTime } from '../../parts/time-field';
import { ReasonField } from '../../parts/reason-field';
import { useMay } from '../../session/use-may';

const DAY_MS = 86_400_000;

/** Opens a breach: what is known of it when people become aware of it. */
export function OpenBreach({ project }: { project: string }): ReactNode {
  const [accounts, setAccounts] = useState<string[]>([]);
  const [keys, setKeys] = useState<string[]>([]);
  const datasets = useGet<Page<DatasetAnswer>>(inProject('ingestion', project, 'datasets'), {
    query: { limit: 200 },
    when: useMay()('read', 'Dataset', project),
  });
  const now = new Date();
  return (
    <AskDialog
      label="Open a breach"
      variant="filled"
      about="The clock runs from when you became aware. Without accounts and keys, everybody's use in that time counts."
      change={(fields) => ({
        method: 'POST',
        path: inProject('governance', project, 'breaches'),
        body: {
          summary: fieldOf(fields, 'summary'),
          awareAt: fromLocalTime(fieldOf(fields, 'awareAt')),
          from: fromLocalTime(fieldOf(fields, 'from')),
          to: fromLocalTime(fieldOf(fields, 'to')),
          principals: accounts,
          keys,
          dataset: fieldOf(fields, 'dataset') || null,
        },
      })}
    >
      <ReasonField name="summary" label="What happened" least={10} most={8_000} />
      <Moment name="awareAt" label="Aware since" at={now} />
      <Group grow>
        <Moment name="from" label="From" at={new Date(now.getTime() - DAY_MS)} />
        <Moment name="to" label="Until" at={now} />
      </Group>
      <TagsInput
        label="Accounts in wrong hands"
        description="Ids; press Enter after each."
        value={accounts}
        onChange={setAccounts}
        maxTags={100}
      />
      <TagsInput
        label="API keys in wrong hands"
        description="Ids, as the page of API keys shows them."
        value={keys}
        onChange={setKeys}
        maxTags={100}
      />
      <NativeSelect
        name="dataset"
        label="Dataset"
        data={[{ value: '', label: 'none' }, ...(datasets.data?.items.map(({ name }) => name) ?? [])]}
      />
    </AskDialog>
  );
}

const Moment = ({ name, label, at }: { name: string; label: string; at: Date }): ReactNode => (
  <TextInput name={name} label={label} type="datetime-local" required defaultValue={toLocalTime(at)} />
);
