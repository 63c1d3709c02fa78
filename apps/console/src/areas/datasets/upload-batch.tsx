import { FileInput, Text } from '@mantine/core';
import type { UploadAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog } from '../../parts/ask-dialog';
import { Facts } from '../../parts/facts';
import { count } from '../../parts/format';

/** Uploads a CSV file and says what became of its rows. */
export function UploadBatch({ project, dataset }: { project: string; dataset: string }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  return (
    <AskDialog<UploadAnswer>
      label="Upload rows"
      doIt="Upload"
      variant="filled"
      size="sm"
      about="A CSV file with the contract's columns. Rows that break the contract go to quarantine; the rest becomes a new version."
      change={() => ({
        method: 'POST',
        path: inProject('ingestion', project, 'datasets', dataset, 'batches'),
        body: file,
        type: 'text/csv',
      })}
      done={({ read, accepted, quarantined, version, duplicate }) => (
        <>
          <Text size="sm">
            {duplicate ? 'These very rows were uploaded before; nothing changed.' : 'The rows were taken in.'}
          </Text>
          <Facts
            of={[
              ['Read', count(read)],
              ['Accepted', count(accepted)],
              ['In quarantine', count(quarantined)],
              ['Version', version ?? 'none: no row was accepted'],
            ]}
          />
        </>
      )}
    >
      <FileInput
        label="File"
        placeholder="Choose a file"
        accept=".csv,text/csv"
        value={file}
        onChange={setFile}
        required
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
      />
    </AskDialog>
  );
}
