import { Stack } from '@mantine/core';
import type { ContractAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Mono } from '../../parts/mono';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { contractRule } from './contract-rule';

/** What rows must look like, and what the decision is about. */
export function ContractTable({ contract: answer }: { contract: ContractAnswer }): ReactNode {
  const { version, digest, contract, changedBy, createdAt } = answer;
  const { label } = contract;
  return (
    <Stack gap="md">
      <Card title={`Contract version ${version}`}>
        <Facts
          of={[
            ['Digest', <Mono key="digest" of={digest} length={24} />],
            ['Key', contract.key.join(', ') || 'none'],
            [
              'Label',
              `${label.column}: ${label.positive} or ${label.negative}, ${label.favourable} is favourable`,
            ],
            ['Decides at a probability of', contract.decisionThreshold],
            ['Fairness by', contract.groups.join(', ') || 'nothing'],
            ['Changed by', <Person key="who" id={changedBy} />],
            ['Since', <When key="when" at={createdAt} />],
          ]}
        />
      </Card>
      <DataTable
        label="Columns of the contract"
        rows={contract.columns}
        keyOf={({ name }) => name}
        empty="The contract has no columns."
        columns={[
          { header: 'Column', cell: ({ name }) => name },
          {
            header: 'Class',
            cell: (column) => (
              <Toned tone={column.class === 'identifier' || column.class === 'sensitive' ? 'warn' : 'quiet'}>
                {column.class}
              </Toned>
            ),
          },
          { header: 'Type', cell: ({ type }) => type },
          { header: 'Empty', cell: ({ nullable }) => (nullable ? 'allowed' : 'refused') },
          { header: 'Rule', cell: contractRule },
        ]}
      />
    </Stack>
  );
}
