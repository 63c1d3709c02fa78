import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { sendProblem, type ProblemForm } from '@steward/service';
import type { Request, Response } from 'express';

abstract class ProtocolErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  protected constructor(private readonly form: ProblemForm) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(thrown, http.getRequest<Request>(), http.getResponse<Response>(), this.logger, this.form);
  }
}

/** Problem details with the member `error`, which is where clients of the Open Inference Protocol look. */
export const OPEN_INFERENCE_PROBLEMS: ProblemForm = {
  // KServe's client reads `error` of this type alone.
  type: 'application/json',
  body: (problem) => ({ ...problem, error: problem.detail }),
};

@Catch()
export class OpenInferenceErrorFilter extends ProtocolErrorFilter {
  constructor() {
    super(OPEN_INFERENCE_PROBLEMS);
  }
}

/** TensorFlow Serving's errors: nothing but `error`. */
export const TENSORFLOW_PROBLEMS: ProblemForm = {
  type: 'application/json',
  body: ({ detail }) => ({ error: detail }),
};

@Catch()
export class TensorflowErrorFilter extends ProtocolErrorFilter {
  constructor() {
    super(TENSORFLOW_PROBLEMS);
  }
}
