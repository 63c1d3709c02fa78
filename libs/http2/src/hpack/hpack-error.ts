/**
 * The other side broke RFC 7541, or a header to be sent is not one of HTTP. After one from a decoder the tables of the
 * two sides may differ: the connection must end with COMPRESSION_ERROR (RFC 9113, section 4.3).
 */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}
