import type { ReactNode } from 'react';
import { DataTable } from '../../parts/data-table';
import { count, words } from '../../parts/format';
import { When } from '../../parts/when';
import type { RetentionPart } from './retention-answers';

/** Items by service and store. */
export function PartsTable({
  label,
  parts,
  empty,
}: {
  label: string;
  parts: readonly RetentionPart[];
  empty: string;
}): ReactNode {
  return (
    <DataTable
      label={label}
      rows={parts}
      keyOf={({ service, class: each, store, name }) => `${service} ${each} ${store} ${name}`}
      empty={empty}
      columns={[
        { header: 'Service', cell: ({ service }) => service ?? '–' },
        { header: 'Class', cell: (part) => words(part.class) },
        { header: 'Store', cell: ({ store }) => store },
        { header: 'What', cell: ({ name }) => name },
        { header: 'Items', figures: true, cell: ({ items }) => count(items) },
        { header: 'Oldest', cell: ({ oldest }) => <When at={oldest} /> },
      ]}
    />
  );
}
