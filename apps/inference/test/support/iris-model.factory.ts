import type { ModelDescriptor } from '@steward/contracts';
import { sha256 } from '@steward/kernel';
import { binaryTarget, createTable, fitPipeline, numericColumn } from '@steward/learning';
import { writeOnnx } from '@steward/onnx';
import { descriptor } from '../../src/infer/descriptor.factory';

const COLUMNS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] as const;

/** A model of four numbers, so that it takes the one tensor that the published examples of the protocols send. */
export function irisModel(): Buffer {
  const table = createTable(
    COLUMNS.map((name, column) =>
      numericColumn(
        name,
        Array.from({ length: 300 }, (_, row) => ((row * (7 + 4 * column)) % 79) / 10),
      ),
    ),
  );
  const labels = Array.from({ length: 300 }, (_, row) =>
    ((row * 7) % 79) + 2 * ((row * 15) % 79) > 110 ? 1 : 0,
  );
  const target = binaryTarget(labels, ['no', 'yes']);
  return Buffer.from(
    writeOnnx(fitPipeline({ name: 'gbm', params: { trees: 12 } }, table, target, { seed: 5 }), {}),
  );
}

export function irisDescriptor(onnx: Buffer): ModelDescriptor {
  return descriptor({
    model: 'iris',
    digest: sha256(onnx),
    sizeBytes: onnx.byteLength,
    inputs: COLUMNS.map((name) => ({ name, kind: 'numeric' })),
    sensitive: [],
    groups: [],
  });
}
