export { CODE } from './frames';
export { encodeHeaders } from './hpack/encode-headers';
export { Http2Server, type Http2ServerOptions } from './http2-server';
export type { Http2Limits } from './limits';
export { NodeStream, type RespondOptions } from './node-stream';
export type { ServerStream, StreamReader } from './server-stream';
