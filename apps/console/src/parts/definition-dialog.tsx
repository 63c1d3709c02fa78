import { Textarea, TextInput } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { AskDialog, fieldOf } from './ask-dialog';
import { DefinitionFaultList } from './definition-fault-list';

interface DefinitionDialogProps {
  readonly label: string;
  /** What is defined. */
  readonly kind: string;
  /** The name, where it is known; else it is asked for. */
  readonly name?: string;
  /** What the text begins with. */
  readonly text?: string;
  readonly about?: string;
  /** What the button that does it says. */
  readonly doIt?: string;
  readonly method?: 'PUT' | 'POST';
  readonly pathOf: (name: string) => string;
}

/** Registers a definition in YAML or JSON under a name. What is refused is shown at its lines. */
export function DefinitionDialog({
  label,
  kind,
  name,
  text,
  about = 'In YAML or JSON. The same definition again makes no new version.',
  doIt = 'Register',
  method = 'PUT',
  pathOf,
}: DefinitionDialogProps): ReactNode {
  const area = useRef<HTMLTextAreaElement>(null);
  const goToLine = (line: number): void => {
    const before = area.current?.value.split('\n').slice(0, line) ?? [];
    const end = before.join('\n').length;
    area.current?.focus();
    area.current?.setSelectionRange(end - (before.at(-1)?.length ?? 0), end);
  };
  return (
    <AskDialog
      label={label}
      doIt={doIt}
      variant={name ? 'default' : 'filled'}
      size="sm"
      about={about}
      change={(fields) => ({
        method,
        path: pathOf(name ?? fieldOf(fields, 'name')),
        body: fieldOf(fields, 'definition'),
        type: 'application/yaml',
      })}
      refused={(error, { body }) => (
        <DefinitionFaultList error={error} text={body as string} onLine={goToLine} />
      )}
    >
      {name === undefined && <TextInput name="name" label={kind} required data-autofocus />}
      <Textarea
        ref={area}
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
