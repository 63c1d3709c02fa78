import { Button, Group, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { takesMany, type DraftCondition, type Operator } from './draft-rules';
import { fieldWords } from './vocabulary';

const OPERATOR_WORDS: readonly { readonly value: Operator; readonly label: string }[] = [
  { value: '$eq', label: 'is' },
  { value: '$ne', label: 'is not' },
  { value: '$in', label: 'is one of' },
  { value: '$nin', label: 'is none of' },
];

interface ConditionRowProps {
  readonly of: DraftCondition;
  /** Where it stands, for who cannot see it: "Rule 1, condition 2". */
  readonly name: string;
  readonly fields: readonly string[];
  /** Values that there are of the chosen field, as suggestions. */
  readonly known: readonly string[];
  readonly onChange: (condition: DraftCondition) => void;
  readonly onRemove: () => void;
}

/** One condition: field, operator, value or values. */
export function ConditionRow({ of, name, fields, known, onChange, onRemove }: ConditionRowProps): ReactNode {
  const { field, operator, values } = of;
  // A field that the chosen objects do not have stays to be seen; the service says that it is wrong.
  const offered = field === '' || fields.includes(field) ? fields : [field, ...fields];
  const operatorTo = (next: Operator): void =>
    onChange({ ...of, operator: next, values: takesMany(next) ? values : values.slice(0, 1) });
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <NativeSelect
        size="xs"
        w={140}
        aria-label={`${name}: field`}
        value={field}
        data={[
          { value: '', label: 'choose a field' },
          ...offered.map((each) => ({ value: each, label: fieldWords(each) })),
        ]}
        onChange={({ currentTarget: { value } }) => onChange({ ...of, field: value })}
      />
      <NativeSelect
        size="xs"
        w={116}
        aria-label={`${name}: operator`}
        value={operator}
        data={[...OPERATOR_WORDS]}
        onChange={({ currentTarget: { value } }) => operatorTo(value as Operator)}
      />
      {takesMany(operator) ? (
        <TagsInput
          size="xs"
          flex={1}
          aria-label={`${name}: values`}
          placeholder={values.length === 0 ? 'type one, press Enter' : undefined}
          value={[...values]}
          data={[...known]}
          onChange={(next) => onChange({ ...of, values: next })}
        />
      ) : (
        <TextInput
          size="xs"
          flex={1}
          aria-label={`${name}: value`}
          placeholder={known[0]}
          value={values[0] ?? ''}
          onChange={({ currentTarget: { value } }) => onChange({ ...of, values: [value] })}
        />
      )}
      <Button size="xs" variant="default" flex="none" aria-label={`${name}: take away`} onClick={onRemove}>
        Take away
      </Button>
    </Group>
  );
}
