/** Frame types of RFC 9113, section 6. */
export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** Flags; ACK is that of SETTINGS and PING, END_STREAM that of DATA and HEADERS. */
export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const;

/** Error codes of RFC 9113, section 7. */
export const CODE = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  ENHANCE_YOUR_CALM: 11,
} as const;

/** Identifiers of RFC 9113, section 6.5.2. */
export const SETTING = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

/** What a client says first. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Length, type, flags and stream. */
export const HEAD_BYTES = 9;
/** The largest payload of a frame unless a peer says otherwise, which this server does not. */
export const FRAME_BYTES = 16_384;
/** A flow-control window until SETTINGS or WINDOW_UPDATE say otherwise, and the largest that there may be. */
export const WINDOW_BYTES = 65_535;
export const WIDEST_WINDOW = 2 ** 31 - 1;

/** The peer broke the protocol in a way that ends the connection. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  /** @param code one of {@link CODE} */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
