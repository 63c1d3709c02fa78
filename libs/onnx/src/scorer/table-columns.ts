import { errors } from '@steward/kernel';
import type { PipelineInput, Table } from '@steward/learning';

import type { InputColumn } from './cell-encoder';

/**
 * The columns of a table in the order of a pipeline's inputs. Columns that no input asks for are left out.
 *
 * @throws AppError ONNX.BAD_TABLE naming the column that is not there or not of its input's kind.
 */
export function tableColumns(inputs: readonly PipelineInput[], table: Table): InputColumn[] {
  return inputs.map(({ name, kind }) => {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined) {
      throw errors.invalid('ONNX.BAD_TABLE', `The table has no column ${name}.`, {
        details: { column: name },
      });
    }
    if (column.kind !== kind) {
      throw errors.invalid(
        'ONNX.BAD_TABLE',
        `The column ${name} is ${column.kind}; the model needs ${kind}.`,
        {
          details: { column: name },
        },
      );
    }
    return column.kind === 'categorical' ? column : column.values;
  });
}
