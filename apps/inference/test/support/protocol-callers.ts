import { Metadata, type Client } from '@grpc/grpc-js';
import {
  ModelInferRequest,
  type GRPCInferenceServiceClient,
  type ModelInferResponse,
  type ModelStreamInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { DataType } from '@steward/contracts/generated/tensorflow/core/framework/types';
import { TensorProto } from '@steward/contracts/generated/tensorflow/core/framework/tensor';
import {
  PredictRequest,
  type PredictResponse,
} from '@steward/contracts/generated/tensorflow_serving/apis/predict';
import type { PredictionServiceClient } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import request from 'supertest';
import { bfloat, half, type NumberDatatype } from '../../src/infer/datatype';

/** Four columns of one datatype: the numbers, and their bytes in that datatype. */
export interface Sample {
  readonly datatype: NumberDatatype;
  /** Row-major [rows, 4], as the datatype holds them. */
  readonly values: readonly number[];
  /** Bytes of some of the values. */
  readonly raw: (values: readonly number[]) => Buffer;
}

const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7];
const FRACTIONS = [6.8, 2.8, 4.8, 1.4, 6.0, 3.4, 4.5, 1.6];
const SIXTEEN = Array.from({ length: 8 }, (_, index) => 0x4080 + 37 * index);

function sixteen(datatype: 'FP16' | 'BF16', decode: (bits: number) => number): Sample {
  const bitsOf = new Map(SIXTEEN.map((bits) => [decode(bits), bits]));
  return {
    datatype,
    values: SIXTEEN.map(decode),
    raw: (values) => bytes(Uint16Array.from(values, (value) => bitsOf.get(value)!)),
  };
}

/** Every number datatype with values that it holds and that make a difference to the model. */
export const SAMPLES: readonly Sample[] = [
  { datatype: 'BOOL', values: WHOLE.map((v) => v % 2), raw: (v) => bytes(Uint8Array.from(v)) },
  { datatype: 'UINT8', values: WHOLE, raw: (v) => bytes(Uint8Array.from(v)) },
  { datatype: 'UINT16', values: WHOLE, raw: (v) => bytes(Uint16Array.from(v)) },
  { datatype: 'UINT32', values: WHOLE, raw: (v) => bytes(Uint32Array.from(v)) },
  { datatype: 'UINT64', values: WHOLE, raw: (v) => bytes(BigUint64Array.from(v, BigInt)) },
  { datatype: 'INT8', values: WHOLE, raw: (v) => bytes(Int8Array.from(v)) },
  { datatype: 'INT16', values: WHOLE, raw: (v) => bytes(Int16Array.from(v)) },
  { datatype: 'INT32', values: WHOLE, raw: (v) => bytes(Int32Array.from(v)) },
  { datatype: 'INT64', values: WHOLE.map((v) => v - 3), raw: (v) => bytes(BigInt64Array.from(v, BigInt)) },
  sixteen('FP16', half),
  sixteen('BF16', bfloat),
  { datatype: 'FP32', values: FRACTIONS.map(Math.fround), raw: (v) => bytes(Float32Array.from(v)) },
  { datatype: 'FP64', values: FRACTIONS, raw: (v) => bytes(Float64Array.from(v)) },
];

/** The list of the typed contents that a datatype takes; the two of 16 bits come raw alone. */
const CONTENTS: Partial<Record<NumberDatatype, string>> = {
  BOOL: 'boolContents',
  UINT8: 'uintContents',
  UINT16: 'uintContents',
  UINT32: 'uintContents',
  UINT64: 'uint64Contents',
  INT8: 'intContents',
  INT16: 'intContents',
  INT32: 'intContents',
  INT64: 'int64Contents',
  FP32: 'fp32Contents',
  FP64: 'fp64Contents',
};
const TF: Record<NumberDatatype, readonly [DataType, string]> = {
  BOOL: [DataType.DT_BOOL, 'boolVal'],
  UINT8: [DataType.DT_UINT8, 'intVal'],
  UINT16: [DataType.DT_UINT16, 'intVal'],
  UINT32: [DataType.DT_UINT32, 'uint32Val'],
  UINT64: [DataType.DT_UINT64, 'uint64Val'],
  INT8: [DataType.DT_INT8, 'intVal'],
  INT16: [DataType.DT_INT16, 'intVal'],
  INT32: [DataType.DT_INT32, 'intVal'],
  INT64: [DataType.DT_INT64, 'int64Val'],
  FP16: [DataType.DT_HALF, 'halfVal'],
  BF16: [DataType.DT_BFLOAT16, 'halfVal'],
  FP32: [DataType.DT_FLOAT, 'floatVal'],
  FP64: [DataType.DT_DOUBLE, 'doubleVal'],
};

/** A tensor of a request: one of all columns, or one column. */
export interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface Callers {
  readonly url: string;
  readonly authorization: string;
  readonly model: string;
  readonly open: GRPCInferenceServiceClient;
  readonly tensorflow: PredictionServiceClient;
}

const metadataOf = ({ authorization }: Callers): Metadata => {
  const metadata = new Metadata();
  metadata.set('authorization', authorization);
  return metadata;
};

/** One unary call of a generated client. */
export function call<Response>(
  client: Client,
  method: string,
  callers: Callers,
  message: unknown,
): Promise<Response> {
  const unary = (client as unknown as Record<string, Unary<Response>>)[method]!;
  return new Promise((resolve, reject) => {
    unary.call(client, message, metadataOf(callers), (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}
type Unary<Response> = (
  message: unknown,
  metadata: Metadata,
  done: (error: Error | null, answer: Response) => void,
) => unknown;

const doubles = (raw: Buffer): number[] => {
  const aligned = new Uint8Array(raw);
  return [...new Float64Array(aligned.buffer, 0, aligned.byteLength / 8)];
};
const booleans = (sample: Sample, values: readonly number[]): unknown[] =>
  sample.datatype === 'BOOL' ? values.map((value) => value === 1) : [...values];

function openRequest(
  callers: Callers,
  sample: Sample,
  parts: readonly Part[],
  raw: boolean,
): ModelInferRequest {
  const field = CONTENTS[sample.datatype];
  return ModelInferRequest.fromPartial({
    modelName: callers.model,
    inputs: parts.map(({ name, shape, values }) => ({
      name,
      datatype: sample.datatype,
      shape: [...shape],
      ...(raw ? {} : { contents: { [field!]: booleans(sample, values) } }),
    })),
    rawInputContents: raw ? parts.map(({ values }) => sample.raw(values)) : [],
  });
}

function probabilityOf(answer: ModelInferResponse): number[] {
  const index = answer.outputs.findIndex(({ name }) => name === 'probability');
  const raw = answer.rawOutputContents[index];
  return raw ? doubles(raw) : answer.outputs[index]!.contents!.fp64Contents;
}

const streamed = (callers: Callers, message: ModelInferRequest): Promise<number[]> =>
  new Promise((resolve, reject) => {
    const stream = callers.open.modelStreamInfer(metadataOf(callers));
    stream.on('error', reject);
    stream.on('data', (answer: ModelStreamInferResponse) => resolve(probabilityOf(answer.inferResponse!)));
    stream.write(message);
    stream.end();
  });

const post = (callers: Callers, path: string) =>
  request(callers.url).post(path).set('authorization', callers.authorization);

async function restJson(callers: Callers, sample: Sample, parts: readonly Part[]): Promise<number[]> {
  const { body } = await post(callers, `/v2/models/${callers.model}/infer`)
    .send({
      inputs: parts.map(({ name, shape, values }) => ({
        name,
        shape,
        datatype: sample.datatype,
        data: booleans(sample, values),
      })),
    })
    .expect(200);
  return body.outputs[1].data as number[];
}

async function restBinary(callers: Callers, sample: Sample, parts: readonly Part[]): Promise<number[]> {
  const raws = parts.map(({ values }) => sample.raw(values));
  const head = Buffer.from(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: parts.map(({ name, shape }, index) => ({
        name,
        shape,
        datatype: sample.datatype,
        parameters: { binary_data_size: raws[index]!.byteLength },
      })),
      outputs: [{ name: 'probability' }],
    }),
  );
  const answer = await post(callers, `/v2/models/${callers.model}/infer`)
    .set('content-type', 'application/octet-stream')
    .set('inference-header-content-length', String(head.byteLength))
    .responseType('blob')
    .send(Buffer.concat([head, ...raws]))
    .expect(200);
  return doubles((answer.body as Buffer).subarray(Number(answer.headers['inference-header-content-length'])));
}

async function tensorflowRpc(
  callers: Callers,
  sample: Sample,
  parts: readonly Part[],
  content: boolean,
): Promise<number[]> {
  const [dtype, field] = TF[sample.datatype];
  const bits = sample.datatype === 'FP16' || sample.datatype === 'BF16';
  const list = (values: readonly number[]): unknown[] =>
    bits ? [...new Uint16Array(new Uint8Array(sample.raw(values)).buffer)] : booleans(sample, values);
  const message = PredictRequest.fromPartial({
    modelSpec: { name: callers.model },
    inputs: Object.fromEntries(
      parts.map(({ name, shape, values }) => [
        name,
        TensorProto.fromPartial({
          dtype,
          tensorShape: { dim: shape.map((size) => ({ size })) },
          ...(content ? { tensorContent: sample.raw(values) } : { [field]: list(values) }),
        }),
      ]),
    ),
  });
  const answer = await call<PredictResponse>(callers.tensorflow, 'predict', callers, message);
  return doubles(answer.outputs.probability!.tensorContent);
}

async function tensorflowColumns(callers: Callers, _: Sample, parts: readonly Part[]): Promise<number[]> {
  const named = parts.map(({ name, shape, values }) => [name, nested(values, shape)] as const);
  const inputs = named.length === 1 ? named[0]![1] : Object.fromEntries(named);
  const { body } = await post(callers, `/v1/models/${callers.model}:predict`).send({ inputs }).expect(200);
  return (body.outputs.probability as number[][]).flat();
}

async function tensorflowRows(callers: Callers, _: Sample, parts: readonly Part[]): Promise<number[]> {
  const columns = parts.map(({ name, shape, values }) => [name, nested(values, shape)] as const);
  const instances = columns[0]![1].map((row, index) =>
    columns.length === 1 ? row : Object.fromEntries(columns.map(([name, values]) => [name, values[index]])),
  );
  const { body } = await post(callers, `/v1/models/${callers.model}:predict`).send({ instances }).expect(200);
  return (body.predictions as { probability: number[] }[]).flatMap(({ probability }) => probability);
}

const nested = (values: readonly number[], [rows = 0, width]: readonly number[]): unknown[] =>
  width === undefined
    ? [...values]
    : Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));

/** Each way to ask, with the answered probabilities. */
export const WAYS: readonly (readonly [
  string,
  (callers: Callers, sample: Sample, parts: readonly Part[]) => Promise<number[]>,
  (sample: Sample) => boolean,
])[] = [
  [
    'OIP gRPC raw',
    async (callers, sample, parts) =>
      probabilityOf(
        await call<ModelInferResponse>(
          callers.open,
          'modelInfer',
          callers,
          openRequest(callers, sample, parts, true),
        ),
      ),
    () => true,
  ],
  [
    'OIP gRPC typed',
    async (callers, sample, parts) =>
      probabilityOf(
        await call<ModelInferResponse>(
          callers.open,
          'modelInfer',
          callers,
          openRequest(callers, sample, parts, false),
        ),
      ),
    ({ datatype }) => datatype in CONTENTS,
  ],
  [
    'OIP gRPC stream',
    (callers, sample, parts) => streamed(callers, openRequest(callers, sample, parts, true)),
    () => true,
  ],
  ['OIP REST JSON', restJson, () => true],
  ['OIP REST binary', restBinary, () => true],
  [
    'TensorFlow gRPC tensor_content',
    (callers, sample, parts) => tensorflowRpc(callers, sample, parts, true),
    () => true,
  ],
  [
    'TensorFlow gRPC lists',
    (callers, sample, parts) => tensorflowRpc(callers, sample, parts, false),
    () => true,
  ],
  ['TensorFlow REST columns', tensorflowColumns, () => true],
  ['TensorFlow REST rows', tensorflowRows, () => true],
];
