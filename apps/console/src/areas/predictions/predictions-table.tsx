import { Group, Stack, Text, TextInput } from '@mantine/core';
import type { PredictionAnswer } from '@steward/client/answers';
import { useState, type FormEvent, type ReactNode } from 'react';
import { inProject } from '../../api/request';
import { figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';
import { PagedTable } from '../../parts/paged-table';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';

/** Inputs that fit a cell; the whole row stands behind the link. */
const FEW = 4;

/** Predictions whose rows belong to the dataset, newest first, each leading to its explanation. */
export function PredictionsTable({ project, dataset }: { project: string; dataset: string }): ReactNode {
  const [{ model }, filter] = useFilters(['model']);
  const [typed, setTyped] = useState(model);
  const search = (event: FormEvent): void => {
    event.preventDefault();
    filter({ model: typed.trim() });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <Text size="sm" c="dimmed" maw="60ch">
          Without identifiers, sensitive columns and what your roles leave out. Who looks is in the audit log,
          for the subjects too.
        </Text>
        <form onSubmit={search} role="search">
          <TextInput
            size="xs"
            label="Of model"
            placeholder="any; press Enter"
            value={typed}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
          />
        </form>
      </Group>
      <PagedTable<PredictionAnswer>
        label={`Predictions of ${dataset}`}
        path={inProject('ingestion', project, 'datasets', dataset, 'predictions')}
        query={{ model }}
        keyOf={({ prediction, row }) => `${prediction}/${row}`}
        empty="There is no prediction here that you may see. More may be on the next page, where there is one."
        columns={[
          {
            header: 'Prediction',
            cell: ({ prediction, row }) => (
              <Go to={pageOf(project, 'predictions', prediction, row)}>{`${prediction.slice(-8)}/${row}`}</Go>
            ),
          },
          { header: 'When', cell: ({ predictedAt }) => <When at={predictedAt} /> },
          { header: 'Model', cell: (each) => `${each.model} version ${each.version}` },
          { header: 'Score', figures: true, cell: ({ score }) => figure(score) },
          { header: 'Decided', cell: ({ decided }) => decided ?? '–' },
          { header: 'Outcome', cell: ({ outcome }) => outcome ?? '–' },
          { header: 'Subject', cell: ({ subject }) => <Mono of={subject} /> },
          { header: 'Inputs', cell: ({ inputs }) => inputsText(inputs) },
        ]}
      />
    </Stack>
  );
}

function inputsText(inputs: PredictionAnswer['inputs']): string {
  if (inputs === null) return 'in a dataset version now';
  const shown = inputs.slice(0, FEW).map(({ column, value }) => `${column} ${value ?? 'missing'}`);
  return [...shown, ...(inputs.length > FEW ? [`${inputs.length - FEW} more`] : [])].join(', ') || '–';
}
