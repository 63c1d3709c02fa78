import { Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';

/** Registers a contract as YAML; the dataset is made with its first one. */
export function RegisterContract({ project, dataset }: { project: string; dataset?: string }): ReactNode {
  return (
    <AskDialog
      label={dataset ? 'Change contract' : 'Register contract'}
      variant={dataset ? 'default' : 'filled'}
      size="sm"
      about="The contract in YAML or JSON, as in examples/lending/contract.yaml."
      change={(fields) => ({
        method: 'PUT',
        path: inProject('ingestion', project, 'datasets', dataset ?? fieldOf(fields, 'dataset'), 'contract'),
        body: fieldOf(fields, 'contract'),
        type: 'application/yaml',
      })}
    >
      {dataset === undefined && <TextInput name="dataset" label="Dataset" required data-autofocus />}
      <Textarea
        name="contract"
        label="Contract"
        required
        autosize
        minRows={10}
        maxRows={20}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </AskDialog>
  );
}
