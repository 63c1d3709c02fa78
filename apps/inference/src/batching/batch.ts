import type { InputColumn } from '../engines/engine';

/** A request's rows. */
export interface Part {
  readonly columns: readonly InputColumn[];
  readonly rows: number;
}

/** The rows of all parts, one after the other, as the columns of one request. */
export function join(parts: readonly Part[]): Part {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = parts[0]!.columns.map((first, index): InputColumn => {
    if (first.kind === 'texts') {
      return { kind: 'texts', values: parts.flatMap(({ columns: of }) => textsOf(of[index]!)) };
    }
    const values = new Float64Array(rows);
    let at = 0;
    for (const part of parts) {
      values.set(part.columns[index]!.values as Float64Array, at);
      at += part.rows;
    }
    return { kind: 'numbers', values };
  });
  return { columns, rows };
}

const textsOf = (column: InputColumn): readonly (string | null)[] =>
  column.kind === 'texts' ? column.values : [];

/** What each part's rows were answered, in buffers of their own. */
export function split(answer: Float64Array, parts: readonly Part[]): Float64Array[] {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const width = answer.length / rows;
  let at = 0;
  return parts.map((part) => answer.slice(at * width, (at += part.rows) * width));
}
