import type { ServiceName } from '@steward/contracts';
import { collectDefaultMetrics, register, type Registry } from 'prom-client';

/** Gauges that prom-client names `_total`, against Prometheus' conventions (promtool refuses them). */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/**
 * The process's metrics: prom-client's default registry, so that `new Counter({...})` anywhere in the service lands in
 * `/metrics`, with the label `service` on everything.
 */
export function startMetrics(service: ServiceName): Registry {
  register.setDefaultLabels({ service });
  if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  return register;
}
