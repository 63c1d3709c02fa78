import { type CategoryEncoder, DATE_PARTS, type FittedEncoder, type PipelineInput } from '@steward/learning';

import { badPipeline } from './bad-pipeline';

/**
 * Checks that an encoder is consistent and reads an input of its kind.
 *
 * @throws AppError ONNX.BAD_PIPELINE.
 */
export function validateEncoder(
  encoder: FittedEncoder,
  index: number,
  inputs: ReadonlyMap<string, PipelineInput>,
): void {
  const input = inputs.get(encoder.input);
  if (input === undefined) throw badPipeline(`Encoder ${index} reads ${encoder.input}, which is no input.`);
  if (!kindsOf(encoder).includes(input.kind)) {
    throw badPipeline(
      `Encoder ${index} (${encoder.kind}) cannot read ${input.name}, which is ${input.kind}.`,
    );
  }
  const width = widthOf(encoder);
  if (encoder.width !== width) {
    throw badPipeline(`Encoder ${index} of ${input.name} says width ${encoder.width}; it must be ${width}.`);
  }
  const problem = 'categories' in encoder ? categoryProblem(encoder) : numberProblem(encoder);
  if (problem !== null) throw badPipeline(`Encoder ${index} of ${input.name} ${problem}.`);
}

function kindsOf(encoder: FittedEncoder): readonly PipelineInput['kind'][] {
  switch (encoder.kind) {
    case 'number':
      return ['numeric', 'time', 'boolean'];
    case 'bins':
      return ['numeric', 'time'];
    case 'date-parts':
      return ['time'];
    case 'one-hot':
    case 'ordinal':
    case 'lookup':
    case 'hashing':
      return ['categorical'];
  }
}

function widthOf(encoder: FittedEncoder): number {
  switch (encoder.kind) {
    case 'one-hot':
      return encoder.categories.length;
    case 'hashing':
      return encoder.width;
    case 'bins':
      return encoder.output === 'index' ? 1 : encoder.edges.length + 1;
    case 'date-parts':
      return encoder.parts.length;
    case 'number':
    case 'ordinal':
    case 'lookup':
      return 1;
  }
}

function categoryProblem(encoder: CategoryEncoder): string | null {
  const { categories } = encoder;
  if (new Set(categories).size !== categories.length) return 'lists a category twice';
  switch (encoder.kind) {
    case 'lookup':
      return encoder.values.length === categories.length ? null : 'needs one value for each category';
    case 'one-hot':
      return encoder.missing === null || encoder.missing in categories
        ? null
        : `has no category with the index ${encoder.missing}`;
    case 'hashing': {
      const { buckets, unknown, width } = encoder;
      if (buckets.length !== categories.length) return 'needs one bucket for each category';
      if (!Number.isSafeInteger(width)) return `cannot have ${width} buckets`;
      const strange = [...buckets, unknown].find(
        (bucket) => !(Number.isInteger(bucket) && bucket >= 0 && bucket < width),
      );
      return strange === undefined ? null : `has no bucket ${strange}`;
    }
    case 'ordinal':
      return null;
  }
}

function numberProblem(encoder: Exclude<FittedEncoder, CategoryEncoder>): string | null {
  switch (encoder.kind) {
    case 'number':
      if (!encoder.clip) return null;
      return encoder.clip[0] <= encoder.clip[1] ? null : 'clips to a range that is none';
    case 'bins': {
      const { edges, output } = encoder;
      if (!['index', 'one-hot'].includes(output)) return `has no output ${output}`;
      // Writing a comparison with no edge at all is left out, for no learner makes one.
      return edges.length > 0 &&
        edges.every((edge, i) => (i === 0 ? !Number.isNaN(edge) : edge > edges[i - 1]!))
        ? null
        : 'needs ascending edges';
    }
    case 'date-parts': {
      const { parts } = encoder;
      const known = parts.every((part) => DATE_PARTS.includes(part));
      return known && parts.length > 0 && new Set(parts).size === parts.length
        ? null
        : 'needs date parts that exist, none twice';
    }
  }
}
