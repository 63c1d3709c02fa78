import {
  Button,
  Checkbox,
  Group,
  List,
  MultiSelect,
  Paper,
  SegmentedControl,
  Stack,
  Text,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { words } from '../../parts/format';
import { ConditionRow } from './condition-row';
import { fieldsFor, isOwnOnly, ownOnly, type DraftCondition, type DraftRule } from './draft-rules';
import classes from './rule-row.module.css';
import type { Vocabulary } from './vocabulary';

interface RuleRowProps {
  readonly of: DraftRule;
  /** From 1. */
  readonly number: number;
  readonly vocabulary: Vocabulary;
  readonly projects: readonly string[];
  readonly faults: readonly string[];
  readonly onChange: (rule: DraftRule) => void;
  readonly onRemove: () => void;
}

/** Suggestions for fields whose values are few everywhere. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  alias: ['champion', 'canary', 'shadow'],
  environment: ['production', 'staging'],
  dataClass: ['sensitive', 'identifier', 'feature', 'label', 'time'],
};

/** One rule as a row of the form: verdict, actions, objects, and where it holds. */
export function RuleRow(props: RuleRowProps): ReactNode {
  const { of, number, vocabulary, faults, onChange, onRemove } = props;
  const { actions, subjects } = vocabulary;
  const name = `Rule ${number}`;
  return (
    <Paper withBorder p="sm" component="fieldset" className={classes.rule} data-faulty={faults.length > 0}>
      <legend className={classes.legend}>{name}</legend>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={`${name}: verdict`}
            value={of.inverted ? 'forbids' : 'permits'}
            data={['permits', 'forbids']}
            onChange={(value) => onChange({ ...of, inverted: value === 'forbids' })}
          />
          <Button size="xs" variant="default" aria-label={`Take away rule ${number}`} onClick={onRemove}>
            Take away
          </Button>
        </Group>
        <MultiSelect
          size="xs"
          searchable
          label="To do"
          aria-label={`${name}: actions`}
          placeholder={of.action.length === 0 ? 'choose actions' : undefined}
          data={actions.map((each) => ({ value: each, label: each === 'manage' ? 'everything' : each }))}
          value={[...of.action]}
          onChange={(action) => onChange({ ...of, action })}
          nothingFoundMessage="There is no such action."
        />
        <MultiSelect
          size="xs"
          searchable
          label="To objects of kind"
          aria-label={`${name}: objects`}
          placeholder={of.subject.length === 0 ? 'choose kinds of objects' : undefined}
          data={subjects.map((each) => ({
            value: each,
            label: each === 'all' ? 'of every kind' : words(each),
          }))}
          value={[...of.subject]}
          onChange={(subject) => onChange({ ...of, subject })}
          nothingFoundMessage="There is no such kind of object."
        />
        <Conditions {...props} />
        {faults.length > 0 && (
          <List
            size="sm"
            listStyleType="none"
            className={classes.faults}
            aria-label={`What is wrong with rule ${number}`}
          >
            {faults.map((fault) => (
              <List.Item key={fault}>{fault}</List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Paper>
  );
}

function Conditions({ of, number, vocabulary, projects, onChange }: RuleRowProps): ReactNode {
  const { conditionFields, self } = vocabulary;
  const { conditions } = of;
  const fields = fieldsFor(of.subject, conditionFields);
  const own = conditions.some((each) => isOwnOnly(each, self));
  const rows = conditions
    .map((condition, at) => ({ condition, at }))
    .filter(({ condition }) => !isOwnOnly(condition, self));
  const to = (next: readonly DraftCondition[]): void => onChange({ ...of, conditions: next });
  return (
    <div>
      <Text size="xs" fw={500} mb={4}>
        Only where
      </Text>
      <Stack gap={6}>
        {rows.length === 0 && !own && (
          <Text size="xs" c="dimmed">
            No condition: always.
          </Text>
        )}
        {rows.map(({ condition, at }, row) => (
          <ConditionRow
            key={at}
            of={condition}
            name={`Rule ${number}, condition ${row + 1}`}
            fields={fields}
            known={condition.field === 'project' ? projects : (KNOWN[condition.field] ?? [])}
            onChange={(next) => to(conditions.map((each, index) => (index === at ? next : each)))}
            onRemove={() => to(conditions.filter((_, index) => index !== at))}
          />
        ))}
        <Group gap="md">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Add a condition to rule ${number}`}
            onClick={() => to([...conditions, { field: '', operator: '$eq', values: [] }])}
          >
            Add a condition
          </Button>
          {(own || fields.includes('createdBy')) && (
            <Checkbox
              size="xs"
              label="Own objects only"
              checked={own}
              onChange={({ currentTarget: { checked } }) =>
                to(
                  checked
                    ? [...conditions, ownOnly(self)]
                    : conditions.filter((each) => !isOwnOnly(each, self)),
                )
              }
            />
          )}
        </Group>
      </Stack>
    </div>
  );
}
