import { WINDOW_BYTES } from './frames';

/** What one connection may ask of the server. */
export interface Http2Limits {
  /** Calls open at a time. Default 1,000. */
  readonly streams?: number;
  /** Bytes of one call that may be on their way: its flow-control window, 64 KiB or more. Default 1 MiB. */
  readonly streamBytes?: number;
  /** The same of the whole connection. Default 4 MiB. */
  readonly connectionBytes?: number;
  /** Bytes of the headers of one call, as RFC 9113, section 6.5.2, counts them. Default 16 KiB. */
  readonly headerBytes?: number;
  /**
   * After so many milliseconds of silence a connection is asked for a sign of life, which must come within as long again.
   * Also the time in which it must have begun to speak HTTP/2. Default 15 s.
   */
  readonly keepaliveMs?: number;
}

/** Limits with their defaults. */
export const withDefaults = ({
  streams = 1_000,
  streamBytes = 1024 * 1024,
  connectionBytes = 4 * 1024 * 1024,
  headerBytes = 16 * 1024,
  keepaliveMs = 15_000,
}: Http2Limits): Required<Http2Limits> => ({
  streams,
  // So much a caller may send before it has read the settings.
  streamBytes: Math.max(streamBytes, WINDOW_BYTES),
  connectionBytes: Math.max(connectionBytes, WINDOW_BYTES),
  headerBytes,
  keepaliveMs,
});

/** Answers that a caller does not read: the server stops to read from him beyond so many bytes. */
export const UNREAD_BYTES = 1024 * 1024;
/** How long a caller who was said goodbye to may take to close the connection. */
export const LINGER_MS = 1_000;
/** Settings in one frame; nghttp2's figure. */
export const MOST_SETTINGS = 32;
/** A block of headers as it comes over the wire, and in how many frames. */
export const BLOCK_BYTES = 64 * 1024;
export const BLOCK_FRAMES = 16;
/** Streams that end with a reset, by either side: more are an attack (CVE-2023-44487, CVE-2025-8671). nghttp2's figures. */
export const RESETS = { burst: 1_000, perSecond: 33 } as const;
/** Frames that say nothing: settings, empty data, priorities, unknown ones, and trailers of streams that are over. */
export const IDLE_FRAMES = { burst: 10_000, perSecond: 1_000 } as const;
