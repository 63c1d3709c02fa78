import { Button, FileInput, Group, Text, TextInput } from '@mantine/core';
import type { ApprovalAnswer, EvidenceAnswer } from '@steward/client/answers';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { inProject, pathWith, requestBytes } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { bytes } from '../../parts/format';
import { Mono } from '../../parts/mono';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { sentenceOf } from '../../api/problem';
import { useMay } from '../../session/use-may';
import { sha256, toHex } from '../audit/merkle';

/** Files that somebody attached, named by their digests: what was looked at stays what it was. */
export function EvidenceCard({
  project,
  approval,
}: {
  project: string;
  approval: ApprovalAnswer;
}): ReactNode {
  const path = inProject('governance', project, 'approvals', approval.id);
  return (
    <Card
      title="Evidence"
      actions={
        useMay()('comment', 'ApprovalRequest', project) && (
          <Group gap="xs">
            <AttachDigest path={path} />
            <Upload path={path} />
          </Group>
        )
      }
    >
      <DataTable<EvidenceAnswer>
        label="Evidence"
        rows={approval.evidence ?? []}
        keyOf={({ digest }) => digest}
        empty="Nothing is attached."
        columns={[
          { header: 'What', cell: ({ title }) => title },
          { header: 'SHA-256', cell: ({ digest }) => <Mono of={digest} length={24} /> },
          { header: 'Size', figures: true, cell: ({ size }) => bytes(size) },
          { header: 'Attached by', cell: ({ attachedBy }) => <Person id={attachedBy} /> },
          { header: 'When', cell: ({ attachedAt }) => <When at={attachedAt} /> },
          {
            header: 'File',
            cell: ({ digest, title }) => (
              <EvidenceFile path={`${path}/evidence/${digest}`} digest={digest} title={title} />
            ),
          },
        ]}
      />
    </Card>
  );
}

function EvidenceFile({ path, digest, title }: { path: string; digest: string; title: string }): ReactNode {
  const check = useMutation({
    mutationFn: async () => toHex(await sha256(await requestBytes(path))) === digest,
  });
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        component="a"
        href={path}
        download={digest}
        size="xs"
        variant="default"
        aria-label={`Download ${title}`}
      >
        Download
      </Button>
      <Button
        size="xs"
        variant="default"
        aria-label={`Check the digest of ${title}`}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        Check
      </Button>
      <span role="status">
        {check.error && sentenceOf(check.error)}
        {check.data !== undefined && (
          <Toned tone={check.data ? 'good' : 'bad'}>{check.data ? 'digest holds' : 'other bytes'}</Toned>
        )}
      </span>
    </Group>
  );
}

const Title = (): ReactNode => (
  <TextInput name="title" label="What it is" required maxLength={200} data-autofocus />
);

function AttachDigest({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="Attach by digest"
      about="Attaches what Steward's artifact store holds already: an evaluation, a report, a model."
      change={(fields) => ({
        method: 'POST',
        path: `${path}/evidence`,
        body: { digest: fieldOf(fields, 'digest').toLowerCase(), title: fieldOf(fields, 'title') },
      })}
    >
      <Title />
      <TextInput
        name="digest"
        label="SHA-256"
        required
        pattern="[0-9a-fA-F]{64}"
        title="64 hexadecimal digits"
      />
    </AskDialog>
  );
}

function Upload({ path }: { path: string }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  return (
    <AskDialog
      label="Attach a file"
      change={(fields) => ({
        method: 'POST',
        path: pathWith(`${path}/evidence-files`, { title: fieldOf(fields, 'title') }),
        body: file,
        type: 'application/octet-stream',
      })}
    >
      <Title />
      <FileInput
        label="File"
        placeholder="Choose a file"
        value={file}
        onChange={setFile}
        required
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
      />
      <Text size="xs" c="dimmed">
        32 MiB at most.
      </Text>
    </AskDialog>
  );
}
