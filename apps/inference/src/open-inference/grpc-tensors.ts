import type {
  InferParameter,
  InferTensorContents,
  ModelInferRequest,
  ModelInferRequest_InferInputTensor,
  ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';
import { errors } from '@steward/kernel';
import { answerParameters } from '../infer/answer-parameters';
import type { InferResult } from '../infer/infer';
import { outputsOf, type OutputTensor } from '../infer/outputs';
import type { Datatype } from '../infer/datatype';
import { datatypeOf, fromRaw, fromValues, rawBytes, rawNumbers, type Tensor } from '../infer/tensor';

const CONTENTS = {
  BOOL: 'boolContents',
  UINT8: 'uintContents',
  UINT16: 'uintContents',
  UINT32: 'uintContents',
  UINT64: 'uint64Contents',
  INT8: 'intContents',
  INT16: 'intContents',
  INT32: 'intContents',
  INT64: 'int64Contents',
  FP16: null,
  BF16: null,
  FP32: 'fp32Contents',
  FP64: 'fp64Contents',
  BYTES: 'bytesContents',
} as const satisfies Record<Datatype, keyof InferTensorContents | null>;

function typed(input: ModelInferRequest_InferInputTensor, limit: number): Tensor {
  const key = CONTENTS[datatypeOf(input)];
  if (key === null) {
    throw errors.invalid(
      'INFERENCE.CONTENTS_INVALID',
      `Tensor "${input.name}": ${input.datatype} travels in raw_input_contents alone.`,
    );
  }
  const contents = input.contents;
  const strays = contents
    ? Object.entries(contents).filter(([name, values]) => name !== key && (values as unknown[]).length > 0)
    : [];
  if (strays.length > 0) {
    throw errors.invalid(
      'INFERENCE.CONTENTS_INVALID',
      `Tensor "${input.name}" of datatype ${input.datatype} takes its contents in another field than the one that is filled.`,
    );
  }
  return fromValues(input, contents?.[key] ?? [], limit);
}

/** The input tensors of a request, from typed or raw contents. */
export function tensorsOf(request: ModelInferRequest, limit: number): Tensor[] {
  const raw = request.rawInputContents;
  if (raw.length === 0) return request.inputs.map((input) => typed(input, limit));
  if (raw.length !== request.inputs.length) {
    throw errors.invalid(
      'INFERENCE.CONTENTS_INVALID',
      `There are ${request.inputs.length} inputs but ${raw.length} raw_input_contents.`,
    );
  }
  return request.inputs.map((input, index) => {
    if (input.contents) {
      throw errors.invalid(
        'INFERENCE.CONTENTS_INVALID',
        `Tensor "${input.name}" has contents beside raw_input_contents; the protocol allows one of the two.`,
      );
    }
    return fromRaw(input, raw[index]!, limit);
  });
}

/** `parameters.subject`, if it is a text. */
export function subjectParameter(request: ModelInferRequest): string | undefined {
  const choice = request.parameters.subject?.parameterChoice;
  if (!choice) return undefined;
  if (choice.$case === 'stringParam') return choice.stringParam;
  throw errors.invalid('INFERENCE.PARAMETER_INVALID', 'The parameter "subject" is a string.');
}

/** The value of a parameter, whatever its type. */
export function parameterValue(parameter: InferParameter | undefined): unknown {
  const choice = parameter?.parameterChoice;
  // The value's field is called like its case.
  return choice && (choice as Record<string, unknown>)[choice.$case];
}

function contentsOf(output: OutputTensor): InferTensorContents {
  const empty: InferTensorContents = {
    boolContents: [],
    intContents: [],
    int64Contents: [],
    uintContents: [],
    uint64Contents: [],
    fp32Contents: [],
    fp64Contents: [],
    bytesContents: [],
  };
  if (output.numbers) empty.fp64Contents = Array.from(output.numbers);
  if (output.texts) empty.bytesContents = output.texts.map((text) => Buffer.from(text));
  return empty;
}

const parameterOf = (value: string | boolean) => ({
  parameterChoice:
    typeof value === 'string'
      ? { $case: 'stringParam' as const, stringParam: value }
      : { $case: 'boolParam' as const, boolParam: value },
});

/** The answer, in the representation in which the request came. */
export function responseOf(request: ModelInferRequest, result: InferResult): ModelInferResponse {
  const outputs = outputsOf(
    result,
    request.outputs.map(({ name }) => name),
  );
  const raw = request.rawInputContents.length > 0;
  return {
    modelName: request.modelName,
    modelVersion: String(result.served.descriptor.version),
    id: request.id,
    parameters: Object.fromEntries(
      Object.entries(answerParameters(result)).map(([name, value]) => [name, parameterOf(value)]),
    ),
    outputs: outputs.map((output) => ({
      name: output.name,
      datatype: output.datatype,
      shape: [...output.shape],
      parameters: {},
      contents: raw ? undefined : contentsOf(output),
    })),
    rawOutputContents: raw
      ? outputs.map((output) =>
          Buffer.from(output.numbers ? rawNumbers(output.numbers) : rawBytes(output.texts ?? [])),
        )
      : [],
  };
}
