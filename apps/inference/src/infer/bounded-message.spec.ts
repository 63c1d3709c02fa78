import {
  GRPCInferenceServiceService,
  ModelInferRequest,
} from '@steward/contracts/generated/open_inference/open_inference';
import { PredictionServiceService } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { MODEL_INFER_PARTS, PREDICT_PARTS, requireFewFields } from './bounded-message';

const { requestDeserialize, requestSerialize } = requireFewFields(
  GRPCInferenceServiceService.modelInfer,
  MODEL_INFER_PARTS,
);
const predict = requireFewFields(PredictionServiceService.predict, PREDICT_PARTS);
/** The head of field 2, a message of that length. */
const within = (length: number): Buffer =>
  Buffer.from([
    0x12,
    (length & 0x7f) | 0x80,
    ((length >> 7) & 0x7f) | 0x80,
    ((length >> 14) & 0x7f) | 0x80,
    length >> 21,
  ]);
const texts = (count: number) =>
  ModelInferRequest.fromPartial({
    inputs: [
      { name: 'x', contents: { bytesContents: Array.from({ length: count }, () => Buffer.alloc(1)) } },
    ],
  });

describe('requireFewFields', () => {
  it('refuses messages of many tiny parts, which would take a hundred times their bytes', () => {
    // Fields 4 to 7 of ModelInferRequest, each empty: parameters, inputs, outputs, raw contents.
    for (const field of [0x22, 0x2a, 0x32, 0x3a])
      expect(() => requestDeserialize(Buffer.alloc(8_000_000).fill(Buffer.from([field, 0])))).toThrow(
        'too many',
      );
    // Inputs of a PredictRequest, and the dimensions of one of them.
    const inputs = Buffer.alloc(8_000_000).fill(Buffer.from([0x12, 0]));
    expect(() => predict.requestDeserialize(inputs)).toThrow('too many');
    const heads = [8_000_010, 8_000_005, 8_000_000].map(within);
    expect(() => predict.requestDeserialize(Buffer.concat([...heads, inputs]))).toThrow('too many');
    const parameters = Buffer.alloc(8_000_000).fill(Buffer.from([0x22, 0]));
    const head = Buffer.from([0x2a, 0x80, 0xa4, 0xe8, 0x03]);
    expect(() => requestDeserialize(Buffer.concat([head, parameters]))).toThrow('too many');
    expect(() => requestDeserialize(Buffer.from(requestSerialize(texts(600_000))))).toThrow('too many');
  });

  it('takes what a large request has', () => {
    const decoded = requestDeserialize(Buffer.from(requestSerialize(texts(200_000))));
    expect(decoded.inputs[0]!.contents!.bytesContents).toHaveLength(200_000);
    const raw = ModelInferRequest.fromPartial({
      inputs: Array.from({ length: 500 }, (_, index) => ({
        name: `x${index}`,
        datatype: 'FP64',
        shape: [1_000, 1],
      })),
      rawInputContents: Array.from({ length: 500 }, () => Buffer.alloc(8_000)),
    });
    expect(requestDeserialize(Buffer.from(requestSerialize(raw))).rawInputContents).toHaveLength(500);
  });
});
