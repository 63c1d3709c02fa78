const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** The milliseconds of a `grpc-timeout` header, such as `250m`; NaN for what is none. */
export function timeoutMillis(header: string): number {
  const unit = UNIT_MS[header.slice(-1)];
  return unit !== undefined && /^\d{1,8}.$/.test(header)
    ? Math.trunc(Number(header.slice(0, -1)) * unit)
    : Number.NaN;
}
