import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EntryGuard, type Caller } from '@steward/access';
import type { HttpAnswer } from '@steward/service';
import { OPEN_INFERENCE_PROBLEMS } from '../infer/protocol-error.filter';
import { InferOverRest } from '../open-inference/infer-over-rest';
import { InferenceConfig } from '../inference.config';
import { PLAIN, RestShortcut, type PlainRoute } from './rest.shortcut';

/** The Open Inference Protocol's infer. */
@Injectable()
export class RestInferShortcut extends RestShortcut {
  readonly problems = OPEN_INFERENCE_PROBLEMS;
  protected readonly routes: readonly PlainRoute[] = [
    { route: '/v2/models/:model/infer', path: new RegExp(`^/v2/models/(?<model>${PLAIN})/infer$`) },
    {
      route: '/v2/models/:model/versions/:version/infer',
      path: new RegExp(`^/v2/models/(?<model>${PLAIN})/versions/(?<version>${PLAIN})/infer$`),
    },
  ];

  constructor(
    guard: EntryGuard,
    config: InferenceConfig,
    private readonly inference: InferOverRest,
  ) {
    super(guard, config.maxBodyBytes);
  }

  protected execute(
    caller: Caller,
    headers: IncomingHttpHeaders,
    body: Buffer,
    { model = '', version }: Readonly<Record<string, string>>,
  ): HttpAnswer | Promise<HttpAnswer> {
    return this.inference.answer(caller, headers, body, model, version);
  }
}
