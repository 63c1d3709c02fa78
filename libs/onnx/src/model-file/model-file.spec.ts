import { sha256 } from '@steward/kernel';
import * as fc from 'fast-check';

import { randomPipeline, type PipelineOptions } from '../testing/random-pipeline.factory';
import { decodeModel, encodeModel } from './model-file';

describe('model file', () => {
  it('keeps the whole pipeline, cover included, and is the same bytes each time', () => {
    const options: fc.Arbitrary<PipelineOptions> = fc.record({
      seed: fc.integer(),
      task: fc.constantFrom('binary', 'multiclass', 'regression', 'ranking'),
      predictor: fc.constantFrom('trees', 'linear'),
      forest: fc.boolean(),
      trees: fc.nat(5),
    });
    fc.assert(
      fc.property(options, (each) => {
        const fitted = randomPipeline(each);
        const bytes = encodeModel(fitted, { b: '2', a: '1' });
        expect(decodeModel(bytes)).toEqual({ fitted, metadata: { a: '1', b: '2' } });
        expect(Buffer.compare(encodeModel(randomPipeline(each), { a: '1', b: '2' }), bytes)).toBe(0);
        expect(decodeModel(Buffer.concat([Buffer.from('odd'), bytes]).subarray(3)).fitted).toEqual(fitted);
      }),
    );
  });

  it('keeps numbers that JSON has no notation for', () => {
    const fitted = randomPipeline({ seed: 1 });
    const lookup = { ...fitted.encoders[8]!, unknown: NaN, missing: -0 } as (typeof fitted.encoders)[8];
    const number = { ...fitted.encoders[0]!, fill: -Infinity } as (typeof fitted.encoders)[0];
    const changed = { ...fitted, encoders: fitted.encoders.with(8, lookup).with(0, number) };
    expect(decodeModel(encodeModel(changed, {})).fitted.encoders).toEqual(changed.encoders);
  });

  it('refuses a file that is cut off, changed, of a later version or something else', () => {
    const bytes = encodeModel(randomPipeline({ seed: 2 }), {});
    const code = 'ONNX.BAD_MODEL_FILE';
    const fault = (of: Uint8Array): unknown => {
      try {
        decodeModel(of);
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (let end = 0; end < bytes.length; end += 61) expect(fault(bytes.subarray(0, end))).toBe(code);
    const changed = (at: number, to: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = to;
      return copy;
    };
    expect(fault(changed(8, 2))).toBe(code);
    expect(fault(changed(bytes.length - 3, 7))).toBe(code);
    expect(fault(changed(0, 0))).toBe(code);
    expect(fault(changed(17, 0))).toBe(code);
    expect(fault(Buffer.concat([bytes, Buffer.alloc(8)]))).toBe(code);
    const text = Buffer.from(bytes).toString('latin1');
    const signed = (content: Buffer) => Buffer.concat([content, Buffer.from(sha256(content), 'hex')]);
    const withHeader = (from: string, to: string) =>
      fault(signed(Buffer.from(text.slice(0, -32).replace(from, to), 'latin1')));
    expect(withHeader('"income"', '"income"')).toBeNull();
    expect(fault(Buffer.from(text.replace('town 7', 'town 8'), 'latin1'))).toBe(code);
    expect(withHeader('"income"', '"incame"')).toBe(code);
    expect(withHeader('"kind":"ordinal"', '"kind":"ordinol"')).toBe(code);
    expect(withHeader('"kind":"u8"', '"kind":"u9"')).toBe(code);
    expect(withHeader('"features":32', '"features":33')).toBe(code);
  });
});
