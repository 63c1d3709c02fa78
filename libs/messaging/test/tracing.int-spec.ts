import { trace } from '@opentelemetry/api';
import { AlertRaised, PredictionLogged, type ServiceName } from '@steward/contracts';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { createBusDatabase, type BusDatabase } from './support/bus-database';
import { eventually } from './support/eventually';
import { Recorder, TestProcess, type BusPlace } from './support/test-process';

describe('W3C trace context over the bus', () => {
  const exporter = new tracing.InMemorySpanExporter();
  const sdk = new NodeSDK({
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
    instrumentations: [],
  });
  let database: BusDatabase;

  beforeAll(async () => {
    sdk.start();
    database = await createBusDatabase();
  });

  afterAll(async () => {
    await sdk.shutdown();
    await database.dispose();
  });

  it('goes from the producer through outbox and log to the handler, for domain events and telemetry', async () => {
    const place: BusPlace = { bus: 'postgres', urlOf: (service) => database.urlOf(service) };
    const at = (service: ServiceName): TestProcess => new TestProcess(place, service);
    const inHandler: (string | undefined)[] = [];
    const note = (): undefined => void inHandler.push(trace.getActiveSpan()?.spanContext().traceId);
    const alerts = new Recorder(AlertRaised, note);
    const predictions = new Recorder(PredictionLogged, note);
    const [inference, training] = [at('inference'), at('training')];
    const monitoring = await at('monitoring').start(predictions);
    await inference.start();
    await training.start(alerts);
    try {
      const traceId = await trace.getTracer('test').startActiveSpan('cause', async (span) => {
        await monitoring.raise('k');
        await inference.predict('p');
        span.end();
        return span.spanContext().traceId;
      });
      await eventually(() => expect(inHandler).toHaveLength(2));
      expect(inHandler).toEqual([traceId, traceId]);
      for (const { traceparent } of [alerts.seen[0]!, predictions.seen[0]!])
        expect(traceparent).toContain(traceId);
      const processed = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('process '));
      expect(processed.map(({ name }) => name).sort()).toEqual([
        'process alert.raised',
        'process prediction.logged',
      ]);
    } finally {
      await Promise.all([inference, training, monitoring].map((one) => one.stop()));
    }
  });
});
