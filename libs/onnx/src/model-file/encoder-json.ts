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
  }
}

/** Reverses {@link encoderToJson}. */
export function encoderFromJson(json: EncoderJson): FittedEncoder {
  switch (json.kind) {
    case 'number':
      return {
        kind: 'number',
        input: json.input,
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
    default:
      throw new Error('an encoder is of an unknown kind');
  }
}
