import { Code, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import type { Page as Answer, RequestLimits } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { LimitsDialog, limitWords } from './limits-dialog';
import type { AccountAnswer } from '../people/people-answers';

interface KeyItem {
  readonly keyId: string;
  readonly principalId: string;
  readonly project: string | null;
  readonly state: string;
  readonly limits?: RequestLimits | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt?: string | null;
  readonly createdAt: string;
}

/** API keys, without their secrets. */
export function ApiKeysPage(): ReactNode {
  const may = useMay();
  const mayChange = (['update', 'create', 'delete'] as const).some((action) => may(action, 'ApiKey', null));
  return (
    <Page
      title="API keys"
      about="Programs call with these. The secret is shown once, when the key is made."
      actions={may('create', 'ApiKey', null) && <NewKey />}
    >
      <PagedTable<KeyItem>
        label="API keys"
        path="/governance/v1/api-keys"
        keyOf={({ keyId }) => keyId}
        empty="There is no API key."
        columns={[
          { header: 'Key', cell: ({ keyId }) => <Mono of={keyId} length={20} /> },
          { header: 'Of', cell: ({ principalId }) => <Person id={principalId} /> },
          { header: 'Project', cell: ({ project }) => project ?? 'every project of its roles' },
          { header: 'State', cell: ({ state }) => <State of={state} /> },
          { header: 'Ends', cell: ({ expiresAt }) => (expiresAt ? <When at={expiresAt} /> : 'never') },
          { header: 'Limits', cell: ({ limits }) => limitWords(limits) || 'none of its own' },
          { header: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            header: 'Change',
            cell: (key) => (key.state === 'active' && mayChange ? <KeyActions of={key} /> : '–'),
          },
        ]}
      />
    </Page>
  );
}

function KeyActions({ of: { keyId, limits } }: { of: KeyItem }): ReactNode {
  const may = useMay();
  const path = `/governance/v1/api-keys/${encodeURIComponent(keyId)}`;
  return (
    <Group gap="xs">
      {may('update', 'ApiKey', null) && <LimitsDialog path={`${path}/limits`} limits={limits} />}
      {may('create', 'ApiKey', null) && <RotateKey path={`${path}/rotate`} />}
      {may('delete', 'ApiKey', null) && (
        <AskDialog
          label="Revoke"
          danger
          about="Calls with this key are refused within a second, for good."
          change={() => ({ method: 'DELETE', path })}
        />
      )}
    </Group>
  );
}

function Secret({ of }: { of: string }): ReactNode {
  return (
    <>
      <Text size="sm">Keep this secret now: it is not shown again.</Text>
      <Code block tabIndex={0} aria-label="Secret">
        {of}
      </Code>
    </>
  );
}

const OVERLAPS: readonly (readonly [seconds: number, words: string])[] = [
  [0, 'not at all'],
  [3_600, 'for an hour'],
  [86_400, 'for a day'],
  [7 * 86_400, 'for a week'],
];

function RotateKey({ path }: { path: string }): ReactNode {
  return (
    <AskDialog<{ secret: string; oldExpiresAt: string }>
      label="Rotate"
      doIt="Make the new key"
      about="A new key for the same: its limits and what has been used of them go over to it."
      change={(fields) => ({
        method: 'POST',
        path,
        body: { overlapSeconds: Number(fieldOf(fields, 'overlap')) },
      })}
      done={({ secret, oldExpiresAt }) => (
        <>
          <Secret of={secret} />
          <Text size="sm">
            The old key ends: <When at={oldExpiresAt} />
          </Text>
        </>
      )}
    >
      <NativeSelect
        name="overlap"
        label="The old key goes on"
        defaultValue="86400"
        data={OVERLAPS.map(([seconds, label]) => ({ value: String(seconds), label }))}
      />
    </AskDialog>
  );
}

function NewKey(): ReactNode {
  const { data } = useGet<Answer<AccountAnswer>>('/governance/v1/machines', { query: { limit: 200 } });
  const projects = useGet<Answer<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  return (
    <AskDialog<{ secret: string }>
      label="New key"
      doIt="Make the key"
      variant="filled"
      size="sm"
      change={(fields) => {
        const until = fieldOf(fields, 'until');
        return {
          method: 'POST',
          path: '/governance/v1/api-keys',
          body: {
            principalId: fieldOf(fields, 'machine'),
            project: fieldOf(fields, 'project') || null,
            expiresAt: until === '' ? null : new Date(until).toISOString(),
          },
        };
      }}
      done={({ secret }) => <Secret of={secret} />}
    >
      <NativeSelect
        name="machine"
        label="Machine"
        required
        data={data?.items.map(({ id, user }) => ({ value: id, label: user })) ?? []}
      />
      <NativeSelect
        name="project"
        label="Project"
        data={[
          { value: '', label: 'every project of its roles' },
          ...(projects.data?.items.map(({ project }) => project) ?? []),
        ]}
      />
      <TextInput name="until" label="Ends on" type="date" />
    </AskDialog>
  );
}
