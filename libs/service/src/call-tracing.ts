import type { IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
} from '@opentelemetry/api';
import { exportsTraces } from './environment.config';

const getter = {
  keys: (carrier: IncomingHttpHeaders) => Object.keys(carrier),
  get: (carrier: IncomingHttpHeaders, key: string) => carrier[key],
};

/** What a traced call does and tells. */
export interface TracedCall {
  /** Runs within the span, and so in the caller's trace. */
  run<Result>(work: () => Result): Result;
  end(code: status, message?: string): void;
}

/** Traces calls that grpc-js, and so its instrumentation, never sees. */
export class CallTracing {
  private readonly tracer = trace.getTracer('@steward/service');
  private readonly exports = exportsTraces();

  /** Null where there is nothing to carry on and nobody to tell: such a call costs nothing. */
  start(path: string, headers: IncomingHttpHeaders): TracedCall | null {
    if (!this.exports && headers['traceparent'] === undefined) return null;
    const theirs = propagation.extract(ROOT_CONTEXT, headers, getter);
    const [, service = '', method = ''] = path.split('/');
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
    const span = this.tracer.startSpan(
      `grpc.${service}/${method}`,
      { kind: SpanKind.SERVER, attributes },
      theirs,
    );
    const ours = trace.setSpan(theirs, span);
    return {
      run: (work) => context.with(ours, work),
      end: (code, message) => ended(span, code, message),
    };
  }
}

function ended(span: Span, code: status, message = ''): void {
  span.setAttribute('rpc.grpc.status_code', code);
  if (code !== status.OK) span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}
