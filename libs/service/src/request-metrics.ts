import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Gauge, type Registry } from 'prom-client';
import { tallyCounter, tallyHistogram, type TallyCounter, type TallyHistogram } from './tally-metrics';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Durations of HTTP requests by method, route (the pattern, so bounded) and status. */
export function httpMetrics(registry: Registry): RequestHandler {
  const durations = httpDurations(registry);
  return (request: Request, response: Response, next: NextFunction) => {
    const started = performance.now();
    response.once('close', () => {
      const method = METHODS.has(request.method) ? request.method : 'other';
      durations
        .cell(method, routeOf(request), String(response.statusCode))
        .observe((performance.now() - started) / 1e3);
    });
    next();
  };
}

/** The pattern of the route, never the path: the label must stay bounded. Nest's own catch-all is no route. */
function routeOf(request: Request): string {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' && !path.includes('*') ? path : 'unmatched';
}

/** Durations of HTTP requests by method, route and status. */
export function httpDurations(registry: Registry): TallyHistogram<'method' | 'route' | 'status'> {
  return durationsOf(registry, 'http', 'Duration of HTTP requests by route.', [
    'method',
    'route',
    'status',
  ] as const);
}

/** Durations of gRPC calls by method and status name. */
export function rpcDurations(registry: Registry): TallyHistogram<'method' | 'status'> {
  return durationsOf(registry, 'grpc', 'Duration of gRPC calls by method.', ['method', 'status'] as const);
}

/** Connections of the HTTP/2 server in front of gRPC: how many stand, and why those ended that the server ended. */
export function connectionMetrics(registry: Registry): {
  readonly open: (count: () => number) => Gauge;
  readonly ended: TallyCounter<'code'>;
} {
  return {
    open: (count) => {
      registry.removeSingleMetric('steward_grpc_connections');
      return new Gauge({
        name: 'steward_grpc_connections',
        help: 'gRPC connections that stand.',
        registers: [registry],
        collect() {
          this.set(count());
        },
      });
    },
    ended: tallyCounter({
      name: 'steward_grpc_connections_ended_total',
      help: 'gRPC connections that ended, by the HTTP/2 error code of the server (0: it had none).',
      labelNames: ['code'],
      registry,
    }),
  };
}

function durationsOf<const Label extends string>(
  registry: Registry,
  transport: 'http' | 'grpc',
  help: string,
  labelNames: readonly Label[],
): TallyHistogram<Label> {
  const name = `steward_${transport}_request_duration_seconds`;
  return tallyHistogram({ name, help, labelNames, buckets: BUCKETS, registry });
}
