import { type Arithmetic, datePart, type FittedEncoder } from '@steward/learning';

import { ELEMENT_TYPE_NUMBERS, type OnnxAttribute } from '../format/onnx-model';
import type { GraphBuilder } from './graph-builder';

/** `to` of the operator Cast, for doubles. */
export const TO_DOUBLE: OnnxAttribute = { name: 'to', kind: 'int', value: ELEMENT_TYPE_NUMBERS.double };

type NumberEncoder = Extract<FittedEncoder, { kind: 'number' }>;
type BinsEncoder = Extract<FittedEncoder, { kind: 'bins' }>;
type DatePartsEncoder = Extract<FittedEncoder, { kind: 'date-parts' }>;

/** Writes clip, fill and scale of a number, each only where it does something. Comparisons leave NaN as it is. */
export function writeNumber(
  builder: GraphBuilder,
  encoder: NumberEncoder,
  prefix: string,
  boolean: boolean,
): string {
  let value = boolean
    ? builder.node('Cast', `${prefix}/value`, [encoder.input], [TO_DOUBLE])
    : builder.node('Identity', `${prefix}/value`, [encoder.input]);
  if (encoder.clip) {
    const low = builder.doubles(`${prefix}/low`, [encoder.clip[0]]);
    const high = builder.doubles(`${prefix}/high`, [encoder.clip[1]]);
    const below = builder.node('Less', `${prefix}/below`, [value, low]);
    const risen = builder.node('Where', `${prefix}/risen`, [below, low, value]);
    const above = builder.node('Greater', `${prefix}/above`, [risen, high]);
    value = builder.node('Where', `${prefix}/clipped`, [above, high, risen]);
  }
  value = writeFill(builder, encoder.fill, value, prefix);
  if (Object.is(encoder.center, 0) && encoder.scale === 1) return value;
  const center = builder.doubles(`${prefix}/center`, [encoder.center]);
  const scale = builder.doubles(`${prefix}/scale`, [encoder.scale]);
  const centered = builder.node('Sub', `${prefix}/centered`, [value, center]);
  return builder.node('Div', `${prefix}/scaled`, [centered, scale]);
}

/** Writes the bin of a number: how many edges it reaches. */
export function writeBins(
  builder: GraphBuilder,
  { input, edges, output }: BinsEncoder,
  prefix: string,
): string {
  const value = builder.node('Identity', `${prefix}/value`, [input]);
  const reached = builder.node('GreaterOrEqual', `${prefix}/reached`, [
    value,
    builder.doubles(`${prefix}/edges`, edges),
  ]);
  const ones = builder.node('Cast', `${prefix}/ones`, [reached], [TO_DOUBLE]);
  const count = builder.node('ReduceSum', `${prefix}/count`, [ones, builder.integers(`${prefix}/axis`, [1])]);
  const missing = builder.node('IsNaN', `${prefix}/missing`, [value]);
  const nan = builder.doubles(`${prefix}/nan`, [Number.NaN]);
  const bin = builder.node('Where', `${prefix}/bin`, [missing, nan, count]);
  if (output === 'index') return bin;
  const columns = builder.doubles(`${prefix}/columns`, [0, ...edges.map((_, i) => i + 1)]);
  const equal = builder.node('Equal', `${prefix}/equal`, [bin, columns]);
  return builder.node('Cast', `${prefix}/bin-columns`, [equal], [TO_DOUBLE]);
}

/** Writes the steps of `datePart`, a node for each. */
export function writeDateParts(
  builder: GraphBuilder,
  { input, parts, fill }: DatePartsEncoder,
  prefix: string,
): string {
  const value = builder.node('Identity', `${prefix}/value`, [input]);
  const time = writeFill(builder, fill, value, prefix);
  const columns = parts.map((part) => {
    const result = datePart(part, time, nodeArithmetic(builder, `${prefix}/${part}`));
    return builder.node('Identity', `${prefix}/part/${part}`, [result]);
  });
  return builder.node('Concat', `${prefix}/date-parts`, columns, [{ name: 'axis', kind: 'int', value: 1 }]);
}

function writeFill(builder: GraphBuilder, fill: number | null, value: string, prefix: string): string {
  if (fill === null) return value;
  const missing = builder.node('IsNaN', `${prefix}/missing`, [value]);
  return builder.node('Where', `${prefix}/filled`, [
    missing,
    builder.doubles(`${prefix}/fill`, [fill]),
    value,
  ]);
}

/** Arithmetic whose values are names of nodes, numbered under a prefix. */
function nodeArithmetic(builder: GraphBuilder, prefix: string): Arithmetic<string> {
  let next = 0;
  const step = (opType: string, inputs: readonly string[]): string =>
    builder.node(opType, `${prefix}/${next++}`, inputs);
  const constant = (value: number): string => builder.doubles(`${prefix}/${next++}`, [value]);
  const times = (a: string, factor: number): string =>
    factor === 1 ? a : step('Mul', [a, constant(factor)]);
  return {
    floorDivide: (a, divisor) => step('Floor', [divisor === 1 ? a : step('Div', [a, constant(divisor)])]),
    addTimes: (a, b, factor) => step('Add', [a, times(b, factor)]),
    affine: (a, factor, offset) => step('Add', [times(a, factor), constant(offset)]),
  };
}
