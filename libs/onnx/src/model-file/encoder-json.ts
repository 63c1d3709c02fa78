import type { FittedEncoder } from '@steward/learning';

import { numberFromJson, numberToJson } from './json-numbers';

type Special<T> = {
  [K in keyof T]: T[K] extends number | null
    ? T[K] | string
    : T[K] extends readonly number[]
      ? readonly (number | string)[]
      : T[K];
};

/** An encoder in the header of a model file. */
export type EncoderJson = FittedEncoder extends infer E
  ? E extends FittedEncoder
    ? Special<E>
    : never
  : never;

/** Makes an encoder's numbers fit for JSON. */
export function encoderToJson(encoder: FittedEncoder): EncoderJson {
  switch (encoder.kind) {
    case 'number':
      return {
        kind: encoder.kind,
        input: encoder.input,
        ...(encoder.clip && { clip: encoder.clip }),
        fill: encoder.fill === null ? null : numberToJson(encoder.fill),
        center: numberToJson(encoder.center),
        scale: numberToJson(encoder.scale),
        width: encoder.width,
      };
    case 'one-hot': {
      const { kind, input, categories, missing, width } = encoder;
      return { kind, input, categories, missing, width };
    }
    case 'ordinal': {
      const { kind, input, categories, unknown, width } = encoder;
      return { kind, input, categories, unknown: numberToJson(unknown), width };
    }
    case 'lookup':
      return {
        kind: encoder.kind,
        input: encoder.input,
        categories: encoder.categories,
        values: encoder.values.map(numberToJson),
        unknown: numberToJson(encoder.unknown),
        missing: numberToJson(encoder.missing),
        width: encoder.width,
      };
    case 'hashing': {
      const { kind, input, categories, buckets, unknown, width } = encoder;
      return { kind, input, categories, buckets, unknown, width };
    }
    case 'bins': {
      const { kind, input, edges, output, width } = encoder;
      return { kind, input, edges: edges.map(numberToJson), output, width };
    }
    case 'date-parts': {
      const { kind, input, parts, fill, width } = encoder;
      return { kind, input, parts, fill: fill === null ? null : numberToJson(fill), width };
    }
  }
}

/** Reverses {@link encoderToJson}. */
export function encoderFromJson(json: EncoderJson): FittedEncoder {
  switch (json.kind) {
    case 'number':
      return {
        kind: 'number',
        input: json.input,
        ...(json.clip && { clip: json.clip }),
        fill: json.fill === null ? null : numberFromJson(json.fill),
        center: numberFromJson(json.center),
        scale: numberFromJson(json.scale),
        width: 1,
      };
    case 'one-hot': {
      const missing = json.missing === null ? null : numberFromJson(json.missing);
      return {
        kind: 'one-hot',
        input: json.input,
        categories: json.categories,
        missing,
        width: Number(json.width),
      };
    }
    case 'ordinal': {
      const { input, categories } = json;
      return { kind: 'ordinal', input, categories, unknown: numberFromJson(json.unknown), width: 1 };
    }
    case 'lookup':
      return {
        kind: 'lookup',
        input: json.input,
        categories: json.categories,
        values: json.values.map(numberFromJson),
        unknown: numberFromJson(json.unknown),
        missing: numberFromJson(json.missing),
        width: 1,
      };
    case 'hashing': {
      const { input, categories } = json;
      const buckets = json.buckets.map(numberFromJson);
      const unknown = numberFromJson(json.unknown);
      return { kind: 'hashing', input, categories, buckets, unknown, width: Number(json.width) };
    }
    case 'bins': {
      const { input, output } = json;
      const edges = json.edges.map(numberFromJson);
      return { kind: 'bins', input, edges, output, width: Number(json.width) };
    }
    case 'date-parts': {
      const { input, parts } = json;
      const fill = json.fill === null ? null : numberFromJson(json.fill);
      return { kind: 'date-parts', input, parts, fill, width: parts.length };
    }
    default:
      throw new Error('an encoder is of an unknown kind');
  }
}
