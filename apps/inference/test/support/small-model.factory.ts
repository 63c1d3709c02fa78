import type { ModelDescriptor } from '@steward/contracts';
import { sha256 } from '@steward/kernel';
import { binaryTarget, categoricalColumn, createTable, fitPipeline, numericColumn } from '@steward/learning';
import { writeOnnx } from '@steward/onnx';
import { descriptor } from '../../src/infer/descriptor.factory';

/** A model that was really fitted: gradient boosting on a number and a category. Another seed, another model. */
export function smallModel(seed: number): Buffer {
  const rows = Array.from({ length: 400 }, (_, index) => ({
    pirat: ((index * 37 + seed * 11) % 101) / 101,
    single: index % 3 === 0 ? 'yes' : 'no',
  }));
  const fitted = fitPipeline(
    { name: 'gbm', params: { trees: 10 + seed } },
    createTable([
      numericColumn(
        'pirat',
        rows.map(({ pirat }) => pirat),
      ),
      categoricalColumn(
        'single',
        rows.map(({ single }) => single),
      ),
    ]),
    binaryTarget(
      rows.map(({ pirat, single }, index) =>
        pirat + (single === 'yes' ? 0.3 : 0) + ((index * 13) % 7) / 20 > 0.8 ? 1 : 0,
      ),
      ['no', 'yes'],
    ),
    { seed },
  );
  return Buffer.from(writeOnnx(fitted, {}));
}

export function descriptorOf(version: number, onnx: Buffer, rest: Partial<ModelDescriptor> = {}) {
  return descriptor({ version, digest: sha256(onnx), sizeBytes: onnx.byteLength, ...rest });
}
