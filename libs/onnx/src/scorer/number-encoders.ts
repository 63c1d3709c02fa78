import { errors } from '@steward/kernel';
import {
  binOf,
  clipped,
  datePart,
  doubleArithmetic,
  type FittedEncoder,
  type PipelineInput,
} from '@steward/learning';

import type { Cell, CellEncoder, InputColumn } from './cell-encoder';

const MISSING_BOOLEAN = 255;

/** Reads numbers, times and booleans; what becomes of them is the subclasses'. */
abstract class ValueEncoder implements CellEncoder {
  private readonly boolean: boolean;

  constructor(private readonly input: PipelineInput) {
    this.boolean = input.kind === 'boolean';
  }

  /** Writes the features of a number; NaN is missing. */
  protected abstract write(value: number, dense: Float64Array, at: number): void;

  cell(value: Cell, dense: Float64Array, at: number): void {
    let number = typeof value === 'number' ? value : this.toNumber(value);
    if (this.boolean && number === MISSING_BOOLEAN) number = Number.NaN;
    this.write(number, dense, at);
  }

  column(
    values: InputColumn,
    first: number,
    count: number,
    dense: Float64Array,
    at: number,
    stride: number,
  ): void {
    if ('codes' in values) throw wrongColumn(this.input);
    for (let i = 0; i < count; i++) this.cell(values[first + i], dense, at + i * stride);
  }

  private toNumber(value: Cell): number {
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === 'boolean' && this.boolean) return value ? 1 : 0;
    throw errors.invalid(
      'ONNX.BAD_CELL',
      `The input ${this.input.name} is ${this.input.kind}; it cannot take a ${typeof value}.`,
      { details: { input: this.input.name } },
    );
  }
}

/** Clips, fills and scales. */
export class NumberEncoder extends ValueEncoder {
  private readonly fill: number;
  private readonly center: number;
  private readonly scale: number;
  private readonly clip: readonly [number, number] | null;

  constructor(encoder: Extract<FittedEncoder, { kind: 'number' }>, input: PipelineInput) {
    super(input);
    this.fill = encoder.fill ?? Number.NaN;
    this.center = encoder.center;
    this.scale = encoder.scale;
    this.clip = encoder.clip ?? null;
  }

  protected write(value: number, dense: Float64Array, at: number): void {
    let number = value;
    if (Number.isNaN(number)) number = this.fill;
    else if (this.clip !== null) number = clipped(number, this.clip);
    dense[at] = (number - this.center) / this.scale;
  }
}

/** Finds the quantile bin. */
export class BinsEncoder extends ValueEncoder {
  constructor(
    private readonly encoder: Extract<FittedEncoder, { kind: 'bins' }>,
    input: PipelineInput,
  ) {
    super(input);
  }

  protected write(value: number, dense: Float64Array, at: number): void {
    const { edges, output, width } = this.encoder;
    const missing = Number.isNaN(value);
    if (output === 'index') {
      dense[at] = missing ? Number.NaN : binOf(edges, value);
      return;
    }
    for (let i = 0; i < width; i++) dense[at + i] = 0;
    if (!missing) dense[at + binOf(edges, value)] = 1;
  }
}

/** Takes a time apart. */
export class DatePartsEncoder extends ValueEncoder {
  constructor(
    private readonly encoder: Extract<FittedEncoder, { kind: 'date-parts' }>,
    input: PipelineInput,
  ) {
    super(input);
  }

  protected write(value: number, dense: Float64Array, at: number): void {
    const { parts, fill } = this.encoder;
    const time = Number.isNaN(value) && fill !== null ? fill : value;
    for (let i = 0; i < parts.length; i++) dense[at + i] = datePart(parts[i]!, time, doubleArithmetic);
  }
}

function wrongColumn(input: PipelineInput) {
  return errors.invalid(
    'ONNX.BAD_CELL',
    `The input ${input.name} is ${input.kind}; it cannot take categories.`,
    { details: { input: input.name } },
  );
}
