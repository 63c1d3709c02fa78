import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  type ModelInferRequest_InferInputTensor,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { AppError, type ErrorKind } from '@steward/kernel';

/** A column to predict from: numbers become FP64, texts BYTES (empty: missing). */
export interface PredictColumn {
  readonly name: string;
  readonly values: readonly number[] | readonly string[];
}

export interface PredictedRow {
  /** `<prediction id>/<row>`: outcomes are posted by it. */
  readonly prediction: string;
  readonly label: string;
  /** One a class. */
  readonly probabilities: readonly number[];
}

const KIND_BY_CODE: Readonly<Record<number, ErrorKind>> = {
  3: 'invalid',
  // Too late: whether it was done is not known, as when the answer is lost.
  4: 'unavailable',
  5: 'not_found',
  6: 'conflict',
  7: 'forbidden',
  8: 'limit',
  9: 'conflict',
  14: 'unavailable',
  16: 'unauthenticated',
};

/** Predicts over gRPC with the Open Inference Protocol. Close it when done. */
export class InferenceClient {
  private readonly client: GRPCInferenceServiceClient;
  private readonly metadata = new Metadata();

  /** @param address `127.0.0.1:port` */
  constructor(address: string, credential: string) {
    this.client = new GRPCInferenceServiceClient(address, credentials.createInsecure());
    this.metadata.set('authorization', `Bearer ${credential}`);
  }

  close(): void {
    this.client.close();
  }

  /** @param model `<project>.<model>` */
  async predict(
    model: string,
    columns: readonly PredictColumn[],
    timeoutMs = 10_000,
  ): Promise<PredictedRow[]> {
    const response = await new Promise<ModelInferResponse>((resolve, reject) => {
      this.client.modelInfer(
        {
          modelName: model,
          modelVersion: '',
          id: '',
          parameters: {},
          inputs: columns.map(tensor),
          outputs: [],
          rawInputContents: [],
        },
        this.metadata,
        { deadline: Date.now() + timeoutMs },
        (error, answer) => (error ? reject(appError(error)) : resolve(answer)),
      );
    });
    return rowsOf(response);
  }
}

function tensor({ name, values }: PredictColumn): ModelInferRequest_InferInputTensor {
  const texts = values.filter((value) => typeof value === 'string');
  const isText = texts.length > 0;
  return {
    name,
    datatype: isText ? 'BYTES' : 'FP64',
    shape: [values.length, 1],
    parameters: {},
    contents: {
      boolContents: [],
      intContents: [],
      int64Contents: [],
      uintContents: [],
      uint64Contents: [],
      fp32Contents: [],
      fp64Contents: isText ? [] : (values as number[]),
      bytesContents: texts.map((text) => Buffer.from(text)),
    },
  };
}

function rowsOf(response: ModelInferResponse): PredictedRow[] {
  const choice = response.parameters.prediction_id?.parameterChoice;
  const id = choice?.$case === 'stringParam' ? choice.stringParam : '';
  const output = (name: string) => response.outputs.find((each) => each.name === name)?.contents;
  const labels = (output('label')?.bytesContents ?? []).map((bytes) => Buffer.from(bytes).toString('utf8'));
  const probabilities = output('probability')?.fp64Contents ?? [];
  const classes = probabilities.length / labels.length;
  return labels.map((label, row) => ({
    prediction: `${id}/${row}`,
    label,
    probabilities: probabilities.slice(row * classes, (row + 1) * classes),
  }));
}

function appError(error: ServiceError): AppError {
  const [code] = error.metadata.get('steward-code');
  return new AppError({
    kind: KIND_BY_CODE[error.code] ?? 'internal',
    code: typeof code === 'string' ? code : `GRPC.${error.code}`,
    message: error.details,
    cause: error,
  });
}
