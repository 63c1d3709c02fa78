import { Code, FileInput, Text, Textarea, TextInput } from '@mantine/core';
import type { ModelVersionAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Facts } from '../../parts/facts';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';

const SIGNATURE = `{
  "dataset": "applications",
  "inputs": ["column"],
  "feed": "columns",
  "output": "probabilities",
  "form": "probabilities",
  "alias": "champion"
}`;

/** Brings a model as ONNX: it is checked, registered, and waits for approval; or it is said why not. */
export function ImportModel({ project }: { project: string }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const [model, setModel] = useState('');
  return (
    <AskDialog<ModelVersionAnswer>
      label="Import a model"
      doIt="Check and import"
      variant="filled"
      size="sm"
      about="An ONNX file and its signature. It is checked in a worker of its own: graph, inputs against the contract, answers on sample rows. That may take a minute."
      change={(fields) => {
        const head = new TextEncoder().encode(fieldOf(fields, 'signature'));
        return {
          method: 'POST',
          path: inProject('training', project, 'models', model, 'imports'),
          query: { signatureLength: head.byteLength },
          body: new Blob(file ? [head, file] : [head]),
          type: 'application/octet-stream',
        };
      }}
      done={({ version, digest, descriptor }) => (
        <>
          <Text size="sm">
            It is registered and waits for approval. Nothing of it was measured here, so gates on figures fail
            until they are waived.
          </Text>
          <Facts
            of={[
              [
                'Version',
                <Go key="version" to={pageOf(project, 'models', model, version)}>
                  {`${model} version ${version}`}
                </Go>,
              ],
              ['Digest', <Mono key="digest" of={digest} length={24} />],
              ['Inputs', descriptor.inputs.map(({ name }) => name).join(', ')],
            ]}
          />
        </>
      )}
    >
      <TextInput
        label="Model that it becomes a version of"
        required
        value={model}
        onChange={({ currentTarget: { value } }) => setModel(value)}
      />
      <FileInput
        label="ONNX file"
        placeholder="Choose a file"
        accept=".onnx"
        value={file}
        onChange={setFile}
        required
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
      />
      <Textarea
        name="signature"
        label="Signature (JSON)"
        description={
          <>
            What it takes and answers. <Code>feed</Code>: columns or tensor; <Code>form</Code>: probabilities
            or score.
          </>
        }
        defaultValue={SIGNATURE}
        required
        autosize
        minRows={8}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </AskDialog>
  );
}
