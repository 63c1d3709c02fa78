import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

import { decodeOnnx } from './decode-onnx';

const { LengthDelimited, Varint } = WireType;

describe('decodeOnnx', () => {
  it('takes the integers of an attribute packed, one by one, and both', () => {
    const w = new BinaryWriter();
    w.tag(7, LengthDelimited).fork(); // graph
    w.tag(1, LengthDelimited).fork(); // its node
    w.tag(5, LengthDelimited).fork(); // its attribute
    w.tag(1, LengthDelimited).string('axes');
    w.tag(8, Varint).int64(1).tag(8, Varint).int64(300);
    w.tag(8, LengthDelimited).fork().int64(5).int64(-7).join();
    w.tag(8, Varint).int64(2).tag(8, Varint).int64(-1).tag(8, Varint).int64(3);
    w.tag(20, Varint).int32(7);
    const bytes = w.join().join().join().finish();
    expect(decodeOnnx(bytes).graph.nodes[0]!.attributes).toEqual([
      { name: 'axes', kind: 'ints', value: [1, 300, 5, -7, 2, -1, 3] },
    ]);
    expect(() => decodeOnnx(bytes.subarray(0, -1))).toThrow('cut off');
  });
});
