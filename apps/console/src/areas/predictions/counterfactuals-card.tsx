import { Button, Group, MultiSelect, NativeSelect, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { figure } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import type { PredictionExplanationAnswer } from './explanation-answers';
import { changesText } from './explanation-words';

const MOST_CHANGES = 5;

/** What is asked for; null: nothing yet. */
interface Wanted {
  readonly immutable: readonly string[];
  readonly changes: string;
}

/** Which smallest changes would have turned the decision: thousands of predictions, so only on demand. */
export function CounterfactualsCard({
  path,
  columns,
}: {
  path: string;
  columns: readonly string[];
}): ReactNode {
  const [immutable, setImmutable] = useState<string[]>([]);
  const [changes, setChanges] = useState('3');
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return (
    <Card title="What would have turned it">
      <Group gap="xs" align="flex-end">
        <MultiSelect
          size="xs"
          flex={1}
          maw={420}
          searchable
          label="Columns that cannot change"
          data={[...columns]}
          value={immutable}
          onChange={setImmutable}
          nothingFoundMessage="The model has no such column."
        />
        <NativeSelect
          size="xs"
          label="Columns at once"
          value={changes}
          data={Array.from({ length: MOST_CHANGES }, (_, at) => String(at + 1))}
          onChange={({ currentTarget: { value } }) => setChanges(value)}
        />
        <Button size="xs" onClick={() => setWanted({ immutable, changes })}>
          Look for changes
        </Button>
      </Group>
      {wanted === null ? (
        <Text size="sm" c="dimmed">
          The smallest changes that would have led to the other decision. Columns that the contract fixes, and
          sensitive ones, never change.
        </Text>
      ) : (
        <Found path={path} wanted={wanted} />
      )}
    </Card>
  );
}

function Found({ path, wanted: { immutable, changes } }: { path: string; wanted: Wanted }): ReactNode {
  const query = useGet<PredictionExplanationAnswer>(path, {
    query: { counterfactuals: 'true', immutable: immutable.join(','), max_changes: changes },
  });
  return (
    <Loaded query={query} what="the changes">
      {({ rows: [row], classes }) => (
        <>
          <DataTable
            label="Changes that would have turned the decision"
            rows={row?.counterfactuals?.found ?? []}
            keyOf={changesText}
            empty="No allowed change was found that turns the decision."
            columns={[
              { header: 'With', cell: changesText },
              { header: 'It would be', cell: ({ label }) => label },
              {
                header: `Probability of ${classes[1] ?? 'the positive class'}`,
                figures: true,
                cell: ({ probability }) => figure(probability, 4),
              },
              { header: 'Size of the change', figures: true, cell: ({ cost }) => figure(cost, 2) },
            ]}
          />
          {row?.counterfactuals?.complete === false && (
            <Text size="sm">The time was up before the search had ended: there may be smaller changes.</Text>
          )}
        </>
      )}
    </Loaded>
  );
}
