import type { CategoryEncoder, FittedEncoder } from '@steward/learning';

import { badPipeline } from '../pipeline/bad-pipeline';
import { type GraphBuilder, ML_DOMAIN } from './graph-builder';
import { TO_DOUBLE, writeBins, writeDateParts, writeNumber } from './write-number-encoders';

/**
 * Writes one encoder under names that begin with `prefix` and returns the name of its features, DOUBLE [N, width].
 *
 * A category becomes an index by LabelEncoder (n for what was not seen, n + 1 for the empty string) and the index
 * an exact double by a constant table; LabelEncoder alone would give float32. Hashing, for which ONNX has no operator,
 * is a LabelEncoder from the categories seen to their buckets.
 */
export function writeEncoder(
  builder: GraphBuilder,
  encoder: FittedEncoder,
  prefix: string,
  boolean: boolean,
): string {
  if (encoder.kind === 'number') return writeNumber(builder, encoder, prefix, boolean);
  if (encoder.kind === 'bins') return writeBins(builder, encoder, prefix);
  if (encoder.kind === 'date-parts') return writeDateParts(builder, encoder, prefix);
  return writeCategory(builder, encoder, prefix);
}

function writeCategory(builder: GraphBuilder, encoder: CategoryEncoder, prefix: string): string {
  const index = writeIndex(builder, encoder, prefix);
  switch (encoder.kind) {
    case 'one-hot': {
      const columns = builder.integers(`${prefix}/columns`, [...encoder.categories.keys()]);
      const equal = builder.node('Equal', `${prefix}/equal`, [index, columns]);
      return builder.node('Cast', `${prefix}/one-hot`, [equal], [TO_DOUBLE]);
    }
    case 'hashing': {
      const columns = builder.integers(
        `${prefix}/columns`,
        Array.from({ length: encoder.width }, (_, bucket) => bucket),
      );
      const equal = builder.node('Equal', `${prefix}/equal`, [index, columns]);
      return builder.node('Cast', `${prefix}/hashing`, [equal], [TO_DOUBLE]);
    }
    case 'ordinal': {
      const table = [...encoder.categories.keys(), encoder.unknown, Number.NaN];
      return builder.node('Gather', `${prefix}/ordinal`, [builder.doubles(`${prefix}/table`, table), index]);
    }
    case 'lookup': {
      const table = [...encoder.values, encoder.unknown, encoder.missing];
      return builder.node('Gather', `${prefix}/lookup`, [builder.doubles(`${prefix}/table`, table), index]);
    }
  }
}

function writeIndex(builder: GraphBuilder, encoder: CategoryEncoder, prefix: string): string {
  const { categories, input } = encoder;
  if (categories.includes('')) {
    throw badPipeline(
      `The column ${input} has the empty string as a category, which in ONNX means missing.`,
      {
        column: input,
      },
    );
  }
  const { values, unknown, missing } = indicesOf(encoder);
  return builder.node(
    'LabelEncoder',
    categoryIndexName(prefix),
    [input],
    [
      { name: 'keys_strings', kind: 'strings', value: [...categories, ''] },
      { name: 'values_int64s', kind: 'ints', value: [...values, missing] },
      { name: 'default_int64', kind: 'int', value: unknown },
    ],
    ML_DOMAIN,
  );
}

/** What the index says: the category, or the bucket that the category is hashed to. */
function indicesOf(encoder: CategoryEncoder): {
  values: readonly number[];
  unknown: number;
  missing: number;
} {
  const { categories } = encoder;
  if (encoder.kind === 'hashing') {
    return { values: encoder.buckets, unknown: encoder.unknown, missing: encoder.width };
  }
  const missing = encoder.kind === 'one-hot' ? (encoder.missing ?? categories.length) : categories.length + 1;
  return { values: [...categories.keys()], unknown: categories.length, missing };
}

/** The value that holds the category index of the encoder with this prefix, INT64 [N, 1]. */
export function categoryIndexName(prefix: string): string {
  return `${prefix}/index`;
}
