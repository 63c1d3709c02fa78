import type { FittedEncoder } from '@steward/learning';

import { ELEMENT_TYPE_NUMBERS, type OnnxAttribute } from '../format/onnx-model';
import { badPipeline } from '../pipeline/validate-pipeline';
import { type GraphBuilder, ML_DOMAIN } from './graph-builder';

/** `to` of the operator Cast, for doubles. */
export const TO_DOUBLE: OnnxAttribute = { name: 'to', kind: 'int', value: ELEMENT_TYPE_NUMBERS.double };

/**
 * Writes one encoder under names that begin with `prefix` and returns the name of its features, DOUBLE [N, width].
 *
 * A category becomes an index by LabelEncoder (n for what was not seen, n + 1 for the empty string) and the index
 * an exact double by a constant table; LabelEncoder alone would give float32.
 */
export function writeEncoder(
  builder: GraphBuilder,
  encoder: FittedEncoder,
  prefix: string,
  boolean: boolean,
): string {
  if (encoder.kind === 'number') return writeNumber(builder, encoder, prefix, boolean);
  const index = writeIndex(builder, encoder, prefix);
  switch (encoder.kind) {
    case 'one-hot': {
      const columns = builder.integers(`${prefix}/columns`, [...encoder.categories.keys()]);
      const equal = builder.node('Equal', `${prefix}/equal`, [index, columns]);
      return builder.node('Cast', `${prefix}/one-hot`, [equal], [TO_DOUBLE]);
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

function writeNumber(
  builder: GraphBuilder,
  encoder: Extract<FittedEncoder, { kind: 'number' }>,
  prefix: string,
  boolean: boolean,
): string {
  let value = boolean
    ? builder.node('Cast', `${prefix}/value`, [encoder.input], [TO_DOUBLE])
    : builder.node('Identity', `${prefix}/value`, [encoder.input]);
  if (encoder.fill !== null) {
    const missing = builder.node('IsNaN', `${prefix}/missing`, [value]);
    const fill = builder.doubles(`${prefix}/fill`, [encoder.fill]);
    value = builder.node('Where', `${prefix}/filled`, [missing, fill, value]);
  }
  if (Object.is(encoder.center, 0) && encoder.scale === 1) return value;
  const center = builder.doubles(`${prefix}/center`, [encoder.center]);
  const scale = builder.doubles(`${prefix}/scale`, [encoder.scale]);
  const centered = builder.node('Sub', `${prefix}/centered`, [value, center]);
  return builder.node('Div', `${prefix}/scaled`, [centered, scale]);
}

function writeIndex(
  builder: GraphBuilder,
  encoder: Exclude<FittedEncoder, { kind: 'number' }>,
  prefix: string,
): string {
  const { categories, input } = encoder;
  if (categories.includes('')) {
    throw badPipeline(
      `The column ${input} has the empty string as a category, which in ONNX means missing.`,
      {
        column: input,
      },
    );
  }
  const missing = encoder.kind === 'one-hot' ? (encoder.missing ?? categories.length) : categories.length + 1;
  return builder.node(
    'LabelEncoder',
    categoryIndexName(prefix),
    [input],
    [
      { name: 'keys_strings', kind: 'strings', value: [...categories, ''] },
      { name: 'values_int64s', kind: 'ints', value: [...categories.keys(), missing] },
      { name: 'default_int64', kind: 'int', value: categories.length },
    ],
    ML_DOMAIN,
  );
}

/** The value that holds the category index of the encoder with this prefix, INT64 [N, 1]. */
export function categoryIndexName(prefix: string): string {
  return `${prefix}/index`;
}
