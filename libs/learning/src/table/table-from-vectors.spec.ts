import { type ColumnVector, tableFromVectors } from './table-from-vectors';

describe('tableFromVectors', () => {
  it('reads buffers of every kind, with bitmaps and dictionaries', () => {
    const amount = Float64Array.of(1, 2, 3);
    const validity = Uint8Array.of(0b101);
    const { rows, columns } = tableFromVectors({
      amount: { kind: 'numeric', values: amount },
      count: { kind: 'numeric', values: BigInt64Array.of(5n, 6n, 7n), validity },
      day: { kind: 'time', values: Int32Array.of(1, 2, 3), unit: 'day' },
      at: { kind: 'time', values: BigInt64Array.of(1_500n, 2_000n, 0n), unit: 'microsecond', validity },
      flag: { kind: 'boolean', values: Uint8Array.of(1, 1, 0), validity },
      // Sliced vectors begin within a byte: bits 7, 8 and 9 are 1, 0 and 1.
      town: {
        kind: 'categorical',
        values: Int8Array.of(1, 9, 0),
        dictionary: ['a', 'b'],
        validity: Uint8Array.of(0x80, 0b10),
        validityOffset: 7,
      },
    });
    expect(rows).toBe(3);
    expect(columns[0]).toMatchObject({ kind: 'numeric' });
    expect((columns[0] as { values: Float64Array }).values).toBe(amount);
    expect(columns.slice(1)).toEqual([
      { kind: 'numeric', name: 'count', values: Float64Array.of(5, NaN, 7) },
      { kind: 'time', name: 'day', values: Float64Array.of(86_400_000, 172_800_000, 259_200_000) },
      { kind: 'time', name: 'at', values: Float64Array.of(1.5, NaN, 0) },
      { kind: 'boolean', name: 'flag', values: Uint8Array.of(1, 255, 0) },
      { kind: 'categorical', name: 'town', codes: Int32Array.of(1, -1, 0), categories: ['a', 'b'] },
    ]);
  });

  const long = new Float64Array(9);
  it.each<[ColumnVector, RegExp]>([
    [
      { kind: 'numeric', values: long, validity: Uint8Array.of(255) },
      /"c" has a validity bitmap that is too short/,
    ],
    [{ kind: 'numeric', values: long, validity: new Uint8Array(2), validityOffset: -1 }, /from bit -1/],
    [{ kind: 'categorical', values: Int32Array.of(2), dictionary: ['a'] }, /place 2 in row 0/],
    [{ kind: 'categorical', values: Int32Array.of(0), dictionary: ['a', 'a'] }, /names a category twice/],
    [{ kind: 'boolean', values: Uint8Array.of(2) }, /"c" must hold true, false/],
  ])('refuses what does not fit, naming the column (%#)', (vector, message) => {
    expect(() => tableFromVectors({ c: vector })).toThrow(message);
  });
});
