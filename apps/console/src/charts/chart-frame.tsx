import { Text } from '@mantine/core';
import { Suspense, type ReactNode } from 'react';
import { DataTable, type Column } from '../parts/data-table';
import { Loading } from '../parts/loading';
import classes from './chart-frame.module.css';

interface ChartFrameProps<T> {
  readonly title: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** The same figures as a table, for who cannot see the picture. */
  readonly columns: readonly Column<T>[];
  readonly children: ReactNode;
}

/** A chart with its title, and its figures as a table on demand. */
export function ChartFrame<T>({ title, rows, keyOf, columns, children }: ChartFrameProps<T>): ReactNode {
  return (
    <figure className={classes.frame}>
      <figcaption>
        <Text fw={600} size="sm">
          {title}
        </Text>
      </figcaption>
      {rows.length === 0 ? (
        <Text c="dimmed" size="sm">
          There are no figures yet.
        </Text>
      ) : (
        <>
          <div role="img" aria-label={`${title}; its figures stand in the table below.`}>
            <Suspense fallback={<Loading what={title} />}>{children}</Suspense>
          </div>
          <details className={classes.figures}>
            <summary>Figures</summary>
            <DataTable label={title} columns={columns} rows={rows} keyOf={keyOf} empty="None." />
          </details>
        </>
      )}
    </figure>
  );
}
