import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { parseInput, type HttpAnswer } from '@steward/service';
import { explainParameter } from '../explain/explain-options';
import { AnswerInference } from '../infer/answer-inference';
import type { InferResult } from '../infer/infer';
import { readBody } from '../infer/request-body';
import { parseJson } from '../infer/request-json';
import { answerBytes } from '../infer/send-bytes';
import { rawNumbers } from '../infer/tensor';
import { InferenceConfig } from '../inference.config';
import {
  answerOf,
  HEADER_LENGTH,
  inferenceHeader,
  InferBody,
  splitBody,
  subjectOf,
  tensorsOfBody,
} from './json-infer';

/** The Open Inference Protocol's infer over REST, for a caller who was admitted, whichever way his request came. */
@Injectable()
export class InferOverRest {
  private readonly heads = new KnownHeads();

  constructor(
    private readonly inference: AnswerInference,
    private readonly config: InferenceConfig,
  ) {}

  /** Reads the body and answers. */
  async execute(
    caller: Caller,
    request: IncomingMessage,
    model: string,
    version: string | undefined,
  ): Promise<HttpAnswer> {
    const bytes = await readBody(request, this.config.maxBodyBytes);
    return this.answer(caller, request.headers, bytes, model, version);
  }

  /** The answer to a body that was read, at once where nothing has to be waited for. Throws or rejects. */
  answer(
    caller: Caller,
    from: IncomingHttpHeaders,
    bytes: Buffer,
    model: string,
    version: string | undefined,
  ): HttpAnswer | Promise<HttpAnswer> {
    const { head, binary } = splitBody(bytes, inferenceHeader(from));
    const body = binary.length > 0 ? this.heads.read(head) : readHead(head);
    const result = this.inference.answer(caller, 'rest', {
      name: model,
      version,
      subject: () => subjectOf(body),
      outputs: body.outputs.map(({ name }) => name),
      tensors: () => tensorsOfBody(body, binary, this.config.maxRows),
      explain: () => explainParameter(body.parameters.explain),
      // One id for both where the caller named none: no other request has it.
      ...(from['x-correlation-id'] === undefined ? { predictionId: caller.correlation } : null),
    });
    const accepted = from['accept-encoding'];
    return result instanceof Promise
      ? result.then((late) => encoded(model, body, late, accepted))
      : encoded(model, body, result, accepted);
  }
}

const readHead = (head: Uint8Array): InferBody => parseInput(InferBody, parseJson(head), 'body');

/**
 * Heads of the binary extension that were read lately: what differs from request to request mostly stands behind them, and
 * to parse and check a head takes as long as to score a row.
 */
class KnownHeads {
  private readonly known = new Map<string, KnownHead>();
  private last: KnownHead | null = null;

  read(head: Buffer): InferBody {
    if (head.length > LARGEST_KNOWN_BYTES) return readHead(head);
    // One head after the other is mostly the same, and is compared in less time than it takes to make its key.
    if (!this.last?.bytes.equals(head)) this.last = this.find(head);
    return this.last.body;
  }

  private find(head: Buffer): KnownHead {
    const text = head.toString('latin1');
    let found = this.known.get(text);
    if (found === undefined) {
      found = { bytes: Buffer.from(head), body: readHead(head) };
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      this.known.set(text, found);
    }
    return found;
  }
}

interface KnownHead {
  readonly bytes: Buffer;
  readonly body: InferBody;
}

const LARGEST_KNOWN_BYTES = 4_096;
const MOST_KNOWN = 100;

function encoded(
  model: string,
  body: InferBody,
  result: InferResult,
  accepted: string | string[] | undefined,
): HttpAnswer | Promise<HttpAnswer> {
  const { text, binary } = answerOf(model, body, result);
  if (binary.length === 0) return answerBytes(JSON_TYPE, text, accepted);
  const headBytes = Buffer.byteLength(text);
  const whole = Buffer.allocUnsafe(binary.reduce((sum, { byteLength }) => sum + byteLength, headBytes));
  let at = whole.write(text);
  for (const part of binary) at = writePart(whole, at, part);
  return answerBytes([...BINARY_TYPE, HEADER_LENGTH, String(headBytes)], whole, accepted);
}

/** Up to here numbers are written one by one: the bytes of a small array are not memory until somebody asks for them. */
const FEW_NUMBERS = 16;

function writePart(target: Buffer, start: number, part: Float64Array | Uint8Array): number {
  let at = start;
  if (part instanceof Float64Array && part.length <= FEW_NUMBERS)
    for (const number of part) at = target.writeDoubleLE(number, at);
  else {
    target.set(part instanceof Float64Array ? rawNumbers(part) : part, at);
    at += part.byteLength;
  }
  return at;
}

const BINARY_TYPE = ['content-type', 'application/octet-stream'] as const;
const JSON_TYPE = ['content-type', 'application/json; charset=utf-8'] as const;
