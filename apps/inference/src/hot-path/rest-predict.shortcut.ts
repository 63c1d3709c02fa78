import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EntryGuard, type Caller } from '@steward/access';
import type { HttpAnswer } from '@steward/service';
import { TENSORFLOW_PROBLEMS } from '../infer/protocol-error.filter';
import { PredictOverRest } from '../tensorflow-serving/predict-over-rest';
import { InferenceConfig } from '../inference.config';
import { PLAIN, RestShortcut, type PlainRoute } from './rest.shortcut';

/** TensorFlow Serving's predict. */
@Injectable()
export class RestPredictShortcut extends RestShortcut {
  readonly problems = TENSORFLOW_PROBLEMS;
  protected readonly routes: readonly PlainRoute[] = [
    { route: '/v1/models/:model', path: new RegExp(`^/v1/models/(?<model>${PLAIN}):predict$`) },
    {
      route: '/v1/models/:model/versions/:version',
      path: new RegExp(`^/v1/models/(?<model>${PLAIN})/versions/(?<version>${PLAIN}):predict$`),
    },
    {
      route: '/v1/models/:model/labels/:label',
      path: new RegExp(`^/v1/models/(?<model>${PLAIN})/labels/(?<label>${PLAIN}):predict$`),
    },
  ];

  constructor(
    guard: EntryGuard,
    config: InferenceConfig,
    private readonly inference: PredictOverRest,
  ) {
    super(guard, config.maxBodyBytes);
  }

  protected execute(
    caller: Caller,
    headers: IncomingHttpHeaders,
    body: Buffer,
    { model = '', ...wanted }: Readonly<Record<string, string>>,
  ): HttpAnswer | Promise<HttpAnswer> {
    return this.inference.answer(caller, headers, body, { name: model, ...wanted });
  }
}
