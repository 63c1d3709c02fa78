import type { ModelDescriptor } from '@steward/contracts';
import { sha256 } from '@steward/kernel';
import {
  binaryTarget,
  categoricalColumn,
  createTable,
  fitPipeline,
  numericColumn,
  type FittedPipeline,
  type Table,
} from '@steward/learning';
import { explanationMetadata, isolationFile, writeOnnx } from '@steward/onnx';
import { buildReference } from '@steward/statistics';
import { descriptor } from '../../src/infer/descriptor.factory';

/** A model that was really fitted: gradient boosting on a number and a category. Another seed, another model. */
export function smallModel(seed: number): Buffer {
  const { fitted, table } = smallPipeline(seed);
  return Buffer.from(writeOnnx(fitted, explanationMetadata(fitted, table)));
}

/** The same before it is written, and the rows that it was fitted on. */
export function smallPipeline(seed: number): { fitted: FittedPipeline; table: Table } {
  const rows = Array.from({ length: 400 }, (_, index) => ({
    pirat: ((index * 37 + seed * 11) % 101) / 101,
    single: index % 3 === 0 ? 'yes' : 'no',
  }));
  const table = createTable([
    numericColumn(
      'pirat',
      rows.map(({ pirat }) => pirat),
    ),
    categoricalColumn(
      'single',
      rows.map(({ single }) => single),
    ),
  ]);
  const fitted = fitPipeline(
    { name: 'gbm', params: { trees: 10 + seed } },
    table,
    binaryTarget(
      rows.map(({ pirat, single }, index) =>
        pirat + (single === 'yes' ? 0.3 : 0) + ((index * 13) % 7) / 20 > 0.8 ? 1 : 0,
      ),
      ['no', 'yes'],
    ),
    { seed },
  );
  return { fitted, table };
}

/** A forest of the rows that such a model was fitted on, as an artifact. */
export const smallIsolation = (seed: number): Buffer =>
  Buffer.from(isolationFile(smallPipeline(seed).table, seed, {})!);

/** Reference statistics of such data, as an artifact. */
export function smallReference(): Buffer {
  const numbers = Array.from({ length: 100 }, (_, i) => i / 100);
  const reference = buildReference([
    { kind: 'numeric', name: 'pirat', values: numbers },
    { kind: 'categorical', name: 'single', values: numbers.map((_, i) => (i % 3 === 0 ? 'yes' : 'no')) },
    { kind: 'numeric', name: 'score', values: numbers },
  ]);
  return Buffer.from(JSON.stringify(reference));
}

export function descriptorOf(version: number, onnx: Buffer, rest: Partial<ModelDescriptor> = {}) {
  return descriptor({ version, digest: sha256(onnx), sizeBytes: onnx.byteLength, ...rest });
}
