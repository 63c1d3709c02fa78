import { trace, type TracerProvider } from '@opentelemetry/api';

/** Sends the last spans, where there is a tracer that has any. Never rejects. */
export async function flushTraces(): Promise<void> {
  const provider = trace.getTracerProvider() as TracerProvider & {
    getDelegate?: () => { forceFlush?: () => Promise<void> };
  };
  try {
    await provider.getDelegate?.().forceFlush?.();
  } catch {
    // The collector is away: spans are no reason to fail a shutdown.
  }
}
