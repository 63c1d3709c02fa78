/** The one place of the repository's services that reads the environment; everything else gets parsed settings. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Whether spans are recorded and exported. */
export function exportsTraces(): boolean {
  return (environment()['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '') !== '';
}
