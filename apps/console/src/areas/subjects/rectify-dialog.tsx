import { NativeSelect, Text, Textarea } from '@mantine/core';
import type { DatasetAnswer, Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { correctionsIn } from './corrections';
import type { SubjectRequestAnswer } from './subject-answers';

/** Corrects the subject's rows of a dataset; its next version holds them. */
export function RectifyDialog({
  project,
  request,
}: {
  project: string;
  request: SubjectRequestAnswer;
}): ReactNode {
  const { data } = useGet<Page<DatasetAnswer>>(inProject('ingestion', project, 'datasets'), {
    query: { limit: 200 },
  });
  return (
    <AskDialog<{ dataset: string; version: number }>
      label="Correct the rows"
      doIt="Correct"
      variant="filled"
      about="One correction a line: column = value. Nothing behind the sign: missing."
      change={(fields) => ({
        method: 'POST',
        path: inProject('ingestion', project, 'subjects', request.pseudonym, 'rectifications'),
        body: {
          request: request.id,
          dataset: fieldOf(fields, 'dataset'),
          corrections: correctionsIn(fieldOf(fields, 'corrections')),
        },
      })}
      done={({ dataset, version }) => (
        <Text size="sm">{`Version ${version} of ${dataset} holds the corrected rows.`}</Text>
      )}
    >
      <NativeSelect name="dataset" label="Dataset" data={data?.items.map(({ name }) => name) ?? []} />
      <Textarea
        name="corrections"
        label="Corrections"
        placeholder={'pirat = 0.31\nunemp = '}
        required
        autosize
        minRows={3}
      />
    </AskDialog>
  );
}
