import { Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from './ask-dialog';

interface DefinitionDialogProps {
  readonly label: string;
  /** What is defined. */
  readonly kind: string;
  /** The name, where it is known; else it is asked for. */
  readonly name?: string;
  /** What the text begins with. */
  readonly text?: string;
  readonly pathOf: (name: string) => string;
}

/** Registers a definition in YAML or JSON under a name. */
export function DefinitionDialog({ label, kind, name, text, pathOf }: DefinitionDialogProps): ReactNode {
  return (
    <AskDialog
      label={label}
      doIt="Register"
      variant={name ? 'default' : 'filled'}
      size="sm"
      about="In YAML or JSON. The same definition again makes no new version."
      change={(fields) => ({
        method: 'PUT',
        path: pathOf(name ?? fieldOf(fields, 'name')),
        body: fieldOf(fields, 'definition'),
        type: 'application/yaml',
      })}
    >
      {name === undefined && <TextInput name="name" label={kind} required data-autofocus />}
      <Textarea
        name="definition"
        label="Definition"
        defaultValue={text}
        required
        autosize
        minRows={10}
        maxRows={20}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </AskDialog>
  );
}
