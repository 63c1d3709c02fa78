/**
 * Tracing. Import this first in main.ts (`import '@steward/service/otel'`): the instrumentations must be in place before
 * http, grpc-js, pg and kafkajs are loaded. W3C context is carried on always; spans are recorded and exported only where
 * OTEL_EXPORTER_OTLP_ENDPOINT is set, because recording costs a third of the gRPC throughput.
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { core, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { environment, exportsTraces } from './environment.config';

const QUIET = new Set(['/metrics', '/health/live', '/health/ready']);

/** Starts the SDK and registers it globally; flushTraces sends what is left at the end. */
function startTracing(): void {
  const env = environment();
  const exports = exportsTraces();
  const { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, NoopSpanProcessor, ParentBasedSampler } =
    tracing;
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? `steward-${serviceOf(process.argv[1])}`,
    }),
    autoDetectResources: false,
    sampler: new ParentBasedSampler({ root: exports ? new AlwaysOnSampler() : new AlwaysOffSampler() }),
    // Without any processor the SDK would make no trace ids at all.
    spanProcessors: [exports ? new BatchSpanProcessor(new OTLPTraceExporter()) : new NoopSpanProcessor()],
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: new core.W3CTraceContextPropagator(),
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => QUIET.has(request.url ?? ''),
      }),
      // Calls that are answered in front of grpc-js trace themselves.
      new GrpcInstrumentation(),
      new PgInstrumentation({ requireParentSpan: true }),
      new KafkaJsInstrumentation(),
    ],
  });
  sdk.start();
}

/** `apps/training/dist/main.js` is the service training. */
function serviceOf(script: string | undefined): string {
  return /apps[\\/]([a-z-]+)[\\/]/.exec(script ?? '')?.[1] ?? 'process';
}

startTracing();
