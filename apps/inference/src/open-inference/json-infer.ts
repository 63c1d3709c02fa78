import type { IncomingHttpHeaders } from 'node:http';
import { errors, jsonString } from '@steward/kernel';
import { z } from 'zod';
import { answerParameters } from '../infer/answer-parameters';
import type { InferResult } from '../infer/infer';
import { outputsOf } from '../infer/outputs';
import { parseJson } from '../infer/request-json';
import { fromRaw, fromValues, rawBytes, type Tensor } from '../infer/tensor';

export const HEADER_LENGTH = 'inference-header-content-length';

/** A parameter of the protocol's REST form. */
const Parameters = z
  .record(z.string().max(100), z.union([z.string().max(10_000), z.number(), z.boolean()]))
  .default({});

const Input = z.object({
  name: z.string().min(1).max(200),
  datatype: z.string().max(20),
  shape: z.array(z.number()).max(8),
  parameters: Parameters,
  data: z.array(z.unknown()).optional(),
});

/** The body of `POST /v2/models/{model}/infer`. */
export const InferBody = z.object({
  id: z.string().max(200).optional(),
  parameters: Parameters,
  inputs: z.array(Input).min(1).max(2_000),
  outputs: z
    .array(z.object({ name: z.string().min(1).max(200), parameters: Parameters }))
    .max(100)
    .default([]),
});
export type InferBody = z.output<typeof InferBody>;

/** Contents may be nested by the shape or flat; nesting deeper than the protocol's 8 dimensions is refused. */
export function flatten(name: string, values: readonly unknown[], depth = 0): unknown[] {
  if (!values.some(Array.isArray)) return values as unknown[];
  if (depth >= 8)
    throw errors.invalid(
      'INFERENCE.ELEMENT_INVALID',
      `The data of tensor "${name}" are nested more than 8 deep.`,
    );
  return values.flatMap((value) => (Array.isArray(value) ? flatten(name, value, depth + 1) : [value]));
}

/**
 * The input tensors of a REST request. With Triton's binary extension an input names `binary_data_size` bytes of what
 * follows the JSON, in the order of the inputs.
 */
export function tensorsOfBody(body: Pick<InferBody, 'inputs'>, binary: Uint8Array, limit: number): Tensor[] {
  let at = 0;
  const tensors = body.inputs.map((input) => {
    const size = input.parameters.binary_data_size;
    if (size === undefined) {
      if (!input.data)
        throw errors.invalid(
          'INFERENCE.CONTENTS_INVALID',
          `Tensor "${input.name}" has neither data nor binary_data_size.`,
        );
      return fromValues(input, flatten(input.name, input.data), limit);
    }
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || at + size > binary.length) {
      throw errors.invalid(
        'INFERENCE.CONTENTS_INVALID',
        `Tensor "${input.name}" says a binary_data_size that the body does not hold.`,
      );
    }
    at += size;
    return fromRaw(input, binary.subarray(at - size, at), limit);
  });
  if (at !== binary.length) {
    throw errors.invalid(
      'INFERENCE.CONTENTS_INVALID',
      `The body holds ${binary.length} binary bytes; its inputs name ${at}.`,
    );
  }
  return tensors;
}

/** `Inference-Header-Content-Length` of a request, where it has one. */
export function inferenceHeader(headers: IncomingHttpHeaders): string | undefined {
  const length = headers[HEADER_LENGTH];
  return typeof length === 'string' ? length : undefined;
}

/** `parameters.subject`, if it is a text. */
export function subjectOf({ parameters: { subject } }: Pick<InferBody, 'parameters'>): string | undefined {
  if (subject === undefined || typeof subject === 'string') return subject;
  throw errors.invalid('INFERENCE.PARAMETER_INVALID', 'The parameter "subject" is a string.');
}

/** Splits a body by `Inference-Header-Content-Length` into its JSON and what follows. */
export function splitBody(body: Buffer, headerLength: string | undefined): { head: Buffer; binary: Buffer } {
  const length = headerLength === undefined ? body.length : Number(headerLength);
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    throw errors.invalid(
      'INFERENCE.HEADER_LENGTH_INVALID',
      'Inference-Header-Content-Length does not fit the body.',
    );
  }
  return { head: body.subarray(0, length), binary: body.subarray(length) };
}

/** The same, with the JSON parsed. */
export function parseBody(body: Buffer, headerLength: string | undefined): { json: unknown; binary: Buffer } {
  const { head, binary } = splitBody(body, headerLength);
  return { json: parseJson(head), binary };
}

/** As JSON.stringify takes it; `Array.from` asks an iterator for each. */
function plainArray(numbers: Float64Array): number[] {
  const plain: number[] = [];
  for (let at = 0; at < numbers.length; at++) plain.push(numbers[at]!);
  return plain;
}

/**
 * The answer: JSON, and what follows it where outputs were asked for in binary, numbers as their bytes. The JSON is written as it comes: to
 * make an object of it first takes longer than to score a row.
 */
export function answerOf(
  name: string,
  body: InferBody,
  result: InferResult,
): { text: string; binary: readonly (Float64Array | Uint8Array)[] } {
  const binary: (Float64Array | Uint8Array)[] = [];
  let outputs = '';
  for (const output of outputsOf(result, namesOf(body.outputs))) {
    // Names of outputs are ours, and need no escaping.
    const head = `{"name":"${output.name}","datatype":"${output.datatype}","shape":[${output.shape.join()}]`;
    let content: string;
    if (isBinary(body, output.name)) {
      const bytes = output.numbers ?? rawBytes(output.texts ?? []);
      binary.push(bytes);
      content = `"parameters":{"binary_data_size":${bytes.byteLength}}`;
    } else {
      content = `"data":${JSON.stringify(output.numbers ? plainArray(output.numbers) : (output.texts ?? []))}`;
    }
    outputs += `${outputs === '' ? '' : ','}${head},${content}}`;
  }
  const version = String(result.served.descriptor.version);
  const id = body.id === undefined ? '' : `,"id":${jsonString(body.id)}`;
  const parameters = jsonOf(answerParameters(result));
  const text = `{"model_name":${jsonString(name)},"model_version":"${version}"${id},"parameters":${parameters},"outputs":[${outputs}]}`;
  return { text, binary };
}

/** Names of parameters are ours too. */
function jsonOf(parameters: Readonly<Record<string, string | boolean>>): string {
  let json = '';
  for (const name in parameters) {
    const value = parameters[name]!;
    const comma = json === '' ? '' : ',';
    const text = value === true || value === false ? String(value) : jsonString(value);
    json += `${comma}"${name}":${text}`;
  }
  return `{${json}}`;
}

const namesOf = (outputs: InferBody['outputs']): string[] => outputs.map(({ name }) => name);

const isBinary = ({ outputs, parameters }: InferBody, name: string): boolean =>
  (outputs.find((each) => each.name === name)?.parameters.binary_data ?? parameters.binary_data_output) ===
  true;
