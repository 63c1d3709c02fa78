import type { DataPart } from '../selection/hold-out';
import type { Column } from '../table/table';

type Typed = Float64Array | Int32Array | Uint8Array;

/**
 * A copy of a data set in shared memory (what is such a copy is given back as it is): workers read it without copying it
 * again, and bins of the same rows of it are made once. It must not be changed afterwards.
 */
export function shareData(data: DataPart): DataPart {
  if (isShared(data)) return data;
  const { table, target, weights } = data;
  const copy: DataPart = {
    table: { rows: table.rows, columns: table.columns.map(shareColumn) },
    target:
      target.kind === 'ranking'
        ? { ...target, values: share(target.values), groups: share(target.groups) }
        : { ...target, values: share(target.values) },
    weights: weights && share(weights),
  };
  shared.add(copy);
  return copy;
}

const shared = new WeakSet<DataPart>();

/** Whether `shareData` made it. */
export function isShared(data: DataPart): boolean {
  return shared.has(data);
}

function shareColumn(column: Column): Column {
  switch (column.kind) {
    case 'numeric':
    case 'time':
      return { ...column, values: share(column.values) };
    case 'boolean':
      return { ...column, values: share(column.values) };
    case 'categorical':
      return { ...column, codes: share(column.codes) };
  }
}

function share<T extends Typed>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const make = values.constructor as new (buffer: SharedArrayBuffer) => T;
  const out = new make(new SharedArrayBuffer(values.byteLength));
  out.set(values);
  return out;
}
