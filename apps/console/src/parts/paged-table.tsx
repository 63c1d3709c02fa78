import { Button, Group, Stack } from '@mantine/core';
import type { Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { useGet, type GetOptions } from '../api/use-get';
import { DataTable, type DataTableProps } from './data-table';
import { Loading } from './loading';
import { ProblemNote } from './problem-note';
import { usePages } from './use-pages';

const ROWS = 25;

interface PagedTableProps<T> extends Omit<DataTableProps<T>, 'rows'> {
  readonly path: string;
  readonly query?: GetOptions['query'];
  readonly every?: number;
  /** Name of the cursor in the address, where a page has two lists. */
  readonly cursor?: string;
}

/** A list of the API, a page at a time: the service pages, never the browser. */
export function PagedTable<T>({ path, query, every, cursor, ...table }: PagedTableProps<T>): ReactNode {
  const { after, onNext, onPrevious, onFirst } = usePages(cursor);
  const { data, error, isPending, isPlaceholderData, refetch } = useGet<Page<T>>(path, {
    query: { limit: ROWS, ...query, after },
    every,
  });
  if (isPending) return <Loading what={table.label} />;
  if (!data) return <ProblemNote error={error} onAgain={() => void refetch()} />;
  const { items, next } = data;
  return (
    <Stack gap="sm" aria-busy={isPlaceholderData}>
      <DataTable {...table} rows={items} />
      {(onFirst !== null || next !== null) && (
        <Group gap="xs" component="nav" aria-label={`Pages of ${table.label}`}>
          <Button size="xs" variant="default" disabled={!onFirst} onClick={() => onFirst?.()}>
            First
          </Button>
          <Button size="xs" variant="default" disabled={!onPrevious} onClick={() => onPrevious?.()}>
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={next === null || isPlaceholderData}
            onClick={() => next !== null && onNext(next)}
          >
            Next
          </Button>
        </Group>
      )}
    </Stack>
  );
}
