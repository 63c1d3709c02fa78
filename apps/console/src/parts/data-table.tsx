import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<T> {
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** Figures stand to the right, under each other. */
  readonly figures?: boolean;
}

export interface DataTableProps<T> {
  /** What the table holds, for who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** What is said where there are no rows. */
  readonly empty: string;
}

/** A table that scrolls by itself where it is too wide. */
export function DataTable<T>({ label, columns, rows, keyOf, empty }: DataTableProps<T>): ReactNode {
  if (rows.length === 0)
    return (
      <Text c="dimmed" size="sm" className={classes.empty}>
        {empty}
      </Text>
    );
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0}>
      <Table verticalSpacing="xs" highlightOnHover className={classes.table}>
        <Table.Caption className={classes.caption}>{label}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ header, figures }) => (
              <Table.Th key={header} scope="col" data-figures={figures || undefined}>
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map(({ header, cell, figures }) => (
                <Table.Td key={header} data-figures={figures || undefined}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
