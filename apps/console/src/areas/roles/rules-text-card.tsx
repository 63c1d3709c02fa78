import { SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { CodeArea } from '../../parts/code-area';
import type { TextForm } from './rules-text';

interface RulesTextCardProps {
  readonly text: string;
  readonly form: TextForm;
  readonly fault: string | null;
  readonly onText: (text: string) => void;
  readonly onForm: (form: TextForm) => void;
}

/** The same rules as text. What is typed here changes the rows, and the other way round. */
export function RulesTextCard({ text, form, fault, onText, onForm }: RulesTextCardProps): ReactNode {
  return (
    <Card
      title="The same as text"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Form of the text"
          value={form}
          data={[
            { value: 'yaml', label: 'YAML' },
            { value: 'json', label: 'JSON' },
          ]}
          onChange={(value) => onForm(value)}
        />
      }
    >
      <CodeArea
        small
        aria-label="Rules as text"
        value={text}
        error={fault}
        minRows={8}
        maxRows={24}
        onChange={({ currentTarget: { value } }) => onText(value)}
      />
      <Text size="xs" c="dimmed">
        As in the file that steward policy keeps in Git.
      </Text>
    </Card>
  );
}
