import type { IncomingMessage, ServerResponse } from 'node:http';

/** How far a caller is listened to who has his answer already. */
export interface Patience {
  /** Bytes of his body beyond the answer. */
  readonly bytes: number;
  /** Milliseconds in which nothing comes. */
  readonly quietMs: number;
  /** Milliseconds in all. */
  readonly totalMs: number;
}

/** Four of the largest bodies that any route takes, and as long as a call may take. */
const PATIENCE: Patience = { bytes: 64 * 1024 * 1024, quietMs: 5_000, totalMs: 30_000 };

/**
 * Sends the whole answer to a request that may still be on its way: refused by its head, or by the start of its body. The
 * answer says that the connection is over, and the connection is closed once the rest has come and was discarded. Closed at
 * once, with bytes unread, the kernel would reset it, and callers who write before they read would find the reset in place
 * of the answer. A caller who goes on beyond the patience gets the reset.
 */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  patience: Patience = PATIENCE,
): void {
  if (request.complete || request.destroyed) response.end(body);
  // What has come together with the head is only now being parsed: most bodies are whole a moment later.
  else setImmediate(() => answerAhead(request, response, body, patience));
}

function answerAhead(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  patience: Patience,
): void {
  if (request.complete || request.destroyed) {
    response.end(body);
    return;
  }
  response.setHeader('connection', 'close');
  response.setHeader('content-length', body.byteLength);
  response.write(body);
  let bytes = 0;
  const until = performance.now() + patience.totalMs;
  const end = (): void => {
    clearTimeout(quiet);
    // Node.js closes the connection behind the end of such an answer.
    if (!response.writableEnded) response.end();
  };
  const quiet = setTimeout(end, patience.quietMs);
  request.on('data', (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > patience.bytes || performance.now() > until) end();
    else quiet.refresh();
  });
  request.once('end', end);
  request.once('close', end);
  request.resume();
}
