import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as fc from 'fast-check';

import { ListReader, readFields, safeInteger, writeIntegers } from './protobuf-fields';

const { Varint } = WireType;
const FIELD = 8;

/** As protobuf's own writer writes a list: one by one. */
function plainly(values: readonly number[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const value of values) writer.tag(FIELD, Varint).int64(value);
  return writer.finish();
}

function read(bytes: Uint8Array, length = bytes.length): { values: number[]; reader: ListReader } {
  const reader = new ListReader(bytes);
  const values: number[] = [];
  readFields(reader, length, 'Message', {
    [FIELD]: (_wire, end) => {
      values.push(safeInteger(reader.int64()));
      reader.shortIntegers(FIELD, end, values);
    },
  });
  return { values, reader };
}

const integer = fc.oneof(
  fc.nat(200),
  fc.nat(),
  fc.constantFrom(127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32, -1, Number.MAX_SAFE_INTEGER),
  fc.maxSafeInteger(),
);

describe('lists of integers', () => {
  it('are written and read as protobuf does it one by one, whatever their size', () => {
    fc.assert(
      fc.property(fc.array(integer), (values) => {
        const writer = new BinaryWriter();
        writeIntegers(writer, FIELD, values);
        const bytes = writer.finish();
        expect(bytes).toEqual(plainly(values));
        expect(read(bytes).values).toEqual(values);
      }),
    );
  });

  it('end where their message ends, though what follows looks like more of them', () => {
    const { values, reader } = read(plainly([1, 2, 3]), 4);
    expect(values).toEqual([1, 2]);
    expect(reader.pos).toBe(4);
  });

  it('are refused where they are cut off or too large', () => {
    const values = [1, 300, 70_000];
    const bytes = plainly(values);
    const whole = new Set([2, 5]);
    for (let length = 1; length < bytes.length; length++) {
      const cut = () => read(bytes.subarray(0, length));
      if (whole.has(length)) expect(cut().values).toEqual(values.slice(0, length === 2 ? 1 : 2));
      else expect(cut).toThrow();
    }
    // Nor does a varint that reaches past the end of its message count.
    expect(() => read(bytes, 4)).toThrow('does not end where it says');
    const huge = new BinaryWriter()
      .tag(FIELD, Varint)
      .int64(2n ** 60n)
      .finish();
    expect(() => read(huge)).toThrow('too large');
  });
});
