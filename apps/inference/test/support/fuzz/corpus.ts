import {
  GRPCInferenceServiceService,
  ModelInferRequest,
} from '@steward/contracts/generated/open_inference/open_inference';
import { ModelServiceService } from '@steward/contracts/generated/tensorflow_serving/apis/model_service';
import { PredictRequest } from '@steward/contracts/generated/tensorflow_serving/apis/predict';
import {
  ExplainRequest,
  InferenceServiceService,
} from '@steward/contracts/generated/steward/inference/v1/inference';
import { PredictionServiceService } from '@steward/contracts/generated/tensorflow_serving/apis/prediction_service';
import { rawBytes, rawNumbers } from '../../../src/infer/tensor';

/** An RPC of the corpus: how its messages are written, and one that is right. */
export interface RpcExample {
  readonly path: string;
  readonly message: object;
  readonly encode: (message: never) => Buffer;
}

/** A REST request of the corpus that is right. */
export interface RestExample {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: object;
  /** Tensors behind the JSON. */
  readonly binary?: Buffer;
}

const FOUR = [6.8, 2.8, 4.8, 1.4];
const numbers = Buffer.from(rawNumbers(Float64Array.from(FOUR)));
const texts = Buffer.from(rawBytes(['yes', 'no', '', 'other']));

/** Right requests of every protocol for the two models of the tests. */
export function corpusOf(iris: string, mixed: string): { rpcs: RpcExample[]; rests: RestExample[] } {
  const open = GRPCInferenceServiceService;
  const string = (stringParam: string) => ({
    parameterChoice: { $case: 'stringParam' as const, stringParam },
  });
  const typed = ModelInferRequest.fromPartial({
    modelName: mixed,
    id: 'one',
    parameters: { subject: string(`sub_${'0'.repeat(32)}`) },
    inputs: [
      { name: 'pirat', datatype: 'FP64', shape: [4], contents: { fp64Contents: FOUR } },
      {
        name: 'single',
        datatype: 'BYTES',
        shape: [4, 1],
        contents: { bytesContents: [0, 1, 2, 3].map(() => Buffer.from('yes')) },
      },
      {
        name: 'afam',
        datatype: 'BYTES',
        shape: [4],
        contents: { bytesContents: [0, 1, 2, 3].map(() => Buffer.from('no')) },
      },
    ],
    outputs: [{ name: 'probability' }],
  });
  const raw = ModelInferRequest.fromPartial({
    modelName: mixed,
    inputs: [
      { name: 'pirat', datatype: 'FP64', shape: [4] },
      { name: 'single', datatype: 'BYTES', shape: [4] },
    ],
    rawInputContents: [numbers, texts],
  });
  const one = ModelInferRequest.fromPartial({
    modelName: iris,
    inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 4] }],
    rawInputContents: [numbers],
  });
  const predict = PredictRequest.fromPartial({
    modelSpec: {
      name: mixed,
      signatureName: 'serving_default',
      versionChoice: { $case: 'version', version: 1 },
    },
    inputs: {
      pirat: { dtype: 2, tensorShape: { dim: [{ size: 4 }] }, tensorContent: numbers },
      single: {
        dtype: 7,
        tensorShape: { dim: [{ size: 4 }] },
        stringVal: [0, 1, 2, 3].map(() => Buffer.from('yes')),
      },
    },
    outputFilter: ['label'],
  });
  const explained = ModelInferRequest.fromPartial({
    ...raw,
    parameters: { explain: { parameterChoice: { $case: 'boolParam', boolParam: true } } },
  });
  const [project, model] = mixed.split('.') as [string, string];
  const explain = ExplainRequest.fromPartial({
    project,
    model,
    version: '1',
    inputs: [
      { name: 'pirat', numbers: FOUR },
      { name: 'single', texts: ['yes', 'no', '', 'other'] },
    ],
    subject: `sub_${'0'.repeat(32)}`,
  });
  const counterfactuals = {
    rows: [1],
    immutable: ['single'],
    direction: { pirat: 'rises' },
    maxChanges: 1,
    count: 1,
  };
  const infers = [typed, raw, one, explained].flatMap((message) => [
    { ...rpc(open.modelInfer, message) },
    { ...rpc(open.modelStreamInfer, message) },
  ]);
  const rpcs = [
    ...infers,
    rpc(InferenceServiceService.explain, explain),
    rpc(InferenceServiceService.explain, { ...explain, counterfactuals }),
    rpc(PredictionServiceService.predict, predict),
    rpc(PredictionServiceService.getModelMetadata, {
      modelSpec: predict.modelSpec,
      metadataField: ['signature_def'],
    }),
    rpc(ModelServiceService.getModelStatus, { modelSpec: predict.modelSpec }),
    rpc(open.modelMetadata, { name: iris, version: '1' }),
    rpc(open.modelReady, { name: iris, version: '' }),
    rpc(open.modelStatistics, { name: '', version: '' }),
    rpc(open.repositoryIndex, { repositoryName: '', ready: true }),
    rpc(open.repositoryModelLoad, { repositoryName: '', modelName: 'none', parameters: {} }),
  ];
  return { rpcs, rests: rests(iris, mixed) };
}

const rpc = (
  { path, requestSerialize }: { path: string; requestSerialize: (message: never) => Buffer },
  message: object,
): RpcExample => ({ path, message, encode: requestSerialize });

function rests(iris: string, mixed: string): RestExample[] {
  const columns = [
    { name: 'pirat', datatype: 'FP32', shape: [4], data: FOUR },
    { name: 'single', datatype: 'BYTES', shape: [4, 1], data: [['yes'], ['no'], [''], ['x']] },
  ];
  const post = (path: string, json: object, binary?: Buffer): RestExample => ({
    method: 'POST',
    path,
    json,
    binary,
  });
  return [
    post(`/v2/models/${mixed}/infer`, {
      id: 'one',
      inputs: columns,
      parameters: { subject: `sub_${'0'.repeat(32)}` },
    }),
    post(`/v2/models/${iris}/infer`, {
      inputs: [
        {
          name: 'x',
          datatype: 'INT32',
          shape: [2, 4],
          data: [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ],
        },
      ],
      outputs: [{ name: 'probability', parameters: { binary_data: true } }],
    }),
    post(
      `/v2/models/${mixed}/versions/1/infer`,
      {
        parameters: { binary_data_output: true },
        inputs: [
          { name: 'pirat', datatype: 'FP64', shape: [4], parameters: { binary_data_size: numbers.length } },
          { name: 'single', datatype: 'BYTES', shape: [4], parameters: { binary_data_size: texts.length } },
        ],
      },
      Buffer.concat([numbers, texts]),
    ),
    post(`/v2/models/${mixed}/infer`, { inputs: columns, parameters: { explain: true } }),
    post(`/v2/models/${mixed}/explain`, { id: 'one', inputs: columns }),
    post(`/v2/models/${mixed}/versions/1/explain`, {
      inputs: columns,
      counterfactuals: {
        rows: [0],
        immutable: ['single'],
        direction: { pirat: 'rises' },
        max_changes: 1,
        count: 1,
      },
    }),
    post(`/v2/models/${iris}/explain`, {
      inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 4], data: FOUR }],
    }),
    post(`/v1/models/${mixed}:predict`, {
      instances: [
        { pirat: 0.3, single: 'yes' },
        { pirat: 1, single: '' },
      ],
    }),
    post(`/v1/models/${mixed}/labels/champion:predict`, {
      inputs: { pirat: [0.3, 0.4], single: ['yes', 'no'] },
    }),
    post(`/v1/models/${iris}:predict`, { instances: [FOUR, FOUR], signature_name: 'one_tensor' }),
    post('/v2/repository/index', { ready: false }),
    post(`/v2/repository/models/${iris}/load`, { parameters: {} }),
    { method: 'GET', path: `/v2/models/${iris}/stats` },
    { method: 'GET', path: `/v2/models/${mixed}/versions/1` },
    { method: 'GET', path: `/v1/models/${iris}/versions/1/metadata` },
  ];
}
