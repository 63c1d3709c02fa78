const MESSAGE_BYTES = 16 * 1024 * 1024;

/** What of the servers differs from the house's defaults: predictions are larger and come more often than changes. */
export const LIMITS = {
  // The protocols read their bodies themselves, once the caller is admitted.
  http: { bodies: { unread: ['/v2', '/v1/models'] }, requestsPer10s: 1_000_000 },
  grpc: { messageBytes: MESSAGE_BYTES },
};
