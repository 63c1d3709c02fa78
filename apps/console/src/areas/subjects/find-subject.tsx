import { Code, NativeSelect, Text, TextInput } from '@mantine/core';
import type { DatasetAnswer, Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';

/** The pseudonym of a person who asks, by the identifier of a dataset. The identifier is sent once and kept nowhere. */
export function FindSubject({ project }: { project: string }): ReactNode {
  const { data } = useGet<Page<DatasetAnswer>>(inProject('ingestion', project, 'datasets'), {
    query: { limit: 200 },
  });
  return (
    <AskDialog<{ pseudonym: string | null }>
      label="Find a subject"
      doIt="Find"
      about="Who is behind a pseudonym only ingestion knows. The identifier is neither kept nor logged; that you looked is."
      change={(fields) => ({
        method: 'POST',
        path: inProject('ingestion', project, 'subjects', 'find'),
        body: { dataset: fieldOf(fields, 'dataset'), identifier: fieldOf(fields, 'identifier') },
      })}
      done={({ pseudonym }) =>
        pseudonym === null ? (
          <Text size="sm">Nobody is known by this identifier.</Text>
        ) : (
          <>
            <Text size="sm">The subject’s pseudonym:</Text>
            <Code block tabIndex={0} aria-label="Pseudonym">
              {pseudonym}
            </Code>
          </>
        )
      }
    >
      <NativeSelect
        name="dataset"
        label="Dataset that names people by it"
        data={data?.items.map(({ name }) => name) ?? []}
      />
      <TextInput name="identifier" label="Identifier" required autoComplete="off" />
    </AskDialog>
  );
}
