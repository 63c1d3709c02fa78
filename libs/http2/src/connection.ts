import type { Socket } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http2';
import { TokenBucket } from '@steward/kernel';
import { FrameReader, type FrameTaker } from './frame-reader';
import { FrameWriter } from './frame-writer';
import {
  CODE,
  ConnectionError,
  FLAG,
  FRAME,
  FRAME_BYTES,
  SETTING,
  WIDEST_WINDOW,
  WINDOW_BYTES,
} from './frames';
import { HpackDecoder, type HeaderList } from './hpack/hpack-decoder';
import { HpackError } from './hpack/hpack-error';
import {
  BLOCK_BYTES,
  BLOCK_FRAMES,
  IDLE_FRAMES,
  LINGER_MS,
  MOST_SETTINGS,
  RESETS,
  UNREAD_BYTES,
  type Http2Limits,
} from './limits';
import { OpenStreams } from './open-streams';
import { Outbox } from './outbox';
import { areTrailers, requestHeaders } from './request-headers';
import { ServerStream } from './server-stream';

/** Who answers the calls of a connection, and hears of its end. */
export interface ConnectionHost {
  readonly limits: Required<Http2Limits>;
  /**
   * A new call; `ended`: it has no body. Must give the stream a reader unless it answers at once, and leave the headers as
   * they are: calls that are alike share them.
   */
  readonly onCall: (stream: ServerStream, headers: IncomingHttpHeaders, ended: boolean) => void;
  /** A call's handler threw: its stream is reset. */
  readonly onFault: (thrown: unknown) => void;
  /** Ended, by whoever; the code that this side gave, {@link CODE}.NO_ERROR where it gave none. */
  readonly onClose: (connection: Http2Connection, code: number) => void;
}

/**
 * The server's side of one HTTP/2 connection (RFC 9113), on a socket of TCP or TLS. Frames are read where they lie, calls are
 * told as soon as their headers are whole, and all answers that are given while a piece of the socket is read leave in
 * one write behind it.
 */
export class Http2Connection implements FrameTaker {
  private readonly streams = new OpenStreams();
  private readonly out: Outbox;
  private readonly writer: FrameWriter;
  private readonly reader = new FrameReader(this);
  private readonly decoder: HpackDecoder;
  private readonly resets = bucketOf(RESETS);
  private readonly idleFrames = bucketOf(IDLE_FRAMES);
  /** Streams whose own window is open, and whose data wait for the connection's or for the socket. */
  private readonly waiting = new Set<ServerStream>();
  private state: 'settings' | 'open' | 'closed' = 'settings';
  /** The data frame that is being read: its stream (null: dropped), and whether it ends it. */
  private dataStream: ServerStream | null = null;
  private dataEnds = false;
  /** A block of headers that goes on in the next frame. */
  private block: { readonly id: number; readonly ends: boolean; bytes: Buffer; frames: number } | null = null;
  /** The last stream that the peer opened, and the last one that was not ignored: that a goodbye names. */
  private lastId = 0;
  private lastTaken = 0;
  private leaving = false;
  private receivable: number;
  /** Taken of the connection's window, and not yet said to the peer. */
  private takenOfAll = 0;
  private sendable = WINDOW_BYTES;
  private initialSendable = WINDOW_BYTES;
  private reading = false;
  private flushing = false;
  private code: number = CODE.NO_ERROR;
  /** Whether anything came since the last {@link look}, and for how many of them nothing did. */
  private heard = true;
  private silent = 0;

  constructor(
    readonly socket: Socket,
    private readonly host: ConnectionHost,
  ) {
    const { limits } = host;
    this.out = new Outbox(socket);
    this.writer = new FrameWriter(this.out);
    this.decoder = new HpackDecoder(undefined, limits.headerBytes);
    this.receivable = limits.connectionBytes;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    // A broken socket also closes, and says so in time.
    socket.on('error', ignore);
    socket.on('drain', () => this.drained());
    socket.on('timeout', () => this.destroy());
    socket.on('close', () => this.closed());
    this.greet();
  }

  /** Lets running calls end, takes no new ones, then closes. */
  leave(): void {
    if (this.leaving || this.state === 'closed') return;
    this.leaving = true;
    this.writer.goAway(this.lastTaken, CODE.NO_ERROR, '');
    this.endIfDone();
    this.flushSoon();
  }

  /** Closes at once. */
  destroy(): void {
    this.socket.destroy();
  }

  /**
   * Asks a silent peer for a sign of life, and closes if he gave none since he was last asked, or does not begin to speak
   * HTTP/2. Called at even intervals.
   */
  look(): void {
    // Of a peer who is not listened to nothing can be heard: see holdIfUnread.
    if (this.socket.isPaused()) return;
    if (this.heard && this.state === 'open') {
      this.heard = false;
      this.silent = 0;
      return;
    }
    if (++this.silent > 1) return this.destroy();
    if (this.state !== 'open') return;
    this.writer.ping();
    this.out.flush();
  }

  // --- what streams ask ---

  /** @internal */
  writeHeaders(id: number, block: Buffer, end: boolean): void {
    this.writer.headers(id, block, end);
    this.flushSoon();
  }

  /** @internal As much of it as the windows allow; says how much that was. */
  writeData(stream: ServerStream, bytes: Uint8Array): number {
    const size = bytes.length;
    let at = 0;
    while (at < size) {
      const room = Math.min(size - at, stream.sendable, this.sendable, this.writer.largestFrame);
      if (room <= 0 || this.socket.writableLength > UNREAD_BYTES) break;
      this.writer.data(stream.id, room === size ? bytes : bytes.subarray(at, at + room));
      stream.sendable -= room;
      this.sendable -= room;
      at += room;
    }
    this.flushSoon();
    return at;
  }

  /** @internal */
  writeEnd(id: number): void {
    this.writer.end(id);
    this.flushSoon();
  }

  /** @internal One whose own window is shut is pumped when that is widened. */
  wait(stream: ServerStream): void {
    if (stream.sendable > 0) this.waiting.add(stream);
  }

  /** @internal */
  reset(stream: ServerStream, code: number): void {
    this.writeReset(stream.id, code);
    this.remove(stream, code);
  }

  /** @internal */
  remove(stream: ServerStream, code: number): void {
    if (stream.isOver) return;
    this.streams.remove(stream);
    this.waiting.delete(stream);
    this.takenByAll(stream.untaken);
    try {
      stream.over(code);
    } catch (thrown) {
      this.host.onFault(thrown);
    }
    this.endIfDone();
  }

  /** @internal */
  taken(stream: ServerStream, bytes: number): void {
    if (stream.isOver) return;
    stream.untaken -= bytes;
    this.takenByAll(bytes);
    if (stream.remoteEnded) return;
    stream.taken += bytes;
    if (stream.taken < this.host.limits.streamBytes / 2) return;
    this.writeWindowUpdate(stream.id, stream.taken);
    stream.receivable += stream.taken;
    stream.taken = 0;
  }

  // --- what comes ---

  private read(chunk: Buffer): void {
    this.heard = true;
    if (this.state === 'closed') return;
    this.reading = true;
    try {
      this.reader.read(chunk);
    } catch (thrown) {
      this.fail(thrown);
    }
    this.reading = false;
    this.out.flush();
    this.holdIfUnread();
  }

  /** @internal */
  frame(type: number, flags: number, id: number, payload: Buffer): void {
    if (this.block !== null && type !== FRAME.CONTINUATION)
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A block of headers was interrupted.');
    if (this.state === 'settings') {
      if (type !== FRAME.SETTINGS || (flags & FLAG.ACK) !== 0)
        throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A connection begins with settings.');
      this.state = 'open';
    }
    switch (type) {
      case FRAME.DATA:
        return this.readPadded(flags, id, payload);
      case FRAME.HEADERS:
        return this.readHeaders(flags, id, payload);
      case FRAME.CONTINUATION:
        return this.readContinuation(flags, id, payload);
      case FRAME.RST_STREAM:
        return this.readReset(id, payload);
      case FRAME.SETTINGS:
        return this.readSettings(flags, id, payload);
      case FRAME.PING:
        return this.readPing(flags, id, payload);
      case FRAME.WINDOW_UPDATE:
        return this.readWindowUpdate(id, payload);
      case FRAME.GOAWAY:
        if (id !== 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A goodbye is for the connection.');
        if (payload.length < 8)
          throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A goodbye has at least eight bytes.');
        return this.idle();
      case FRAME.PRIORITY:
        // What it says is deprecated (RFC 9113, section 5.3).
        if (id === 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A priority is for a stream.');
        if (payload.length !== 5)
          throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A priority has five bytes.');
        return this.idle();
      case FRAME.PUSH_PROMISE:
        throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A client promises nothing.');
      default:
        // Unknown types are extensions, and ignored (section 4.1).
        return this.idle();
    }
  }

  /** @internal */
  dataBegins(id: number, bytes: number, ends: boolean): void {
    this.beginData(id, bytes, bytes, ends);
  }

  private readPadded(flags: number, id: number, payload: Buffer): void {
    const data = unpadded(flags, payload);
    this.beginData(id, payload.length, data.length, (flags & FLAG.END_STREAM) !== 0);
    if (data.length > 0) this.dataPiece(data, true);
  }

  /** `length`: of the payload with its padding, which counts for the windows; `data`: without. */
  private beginData(id: number, length: number, data: number, ends: boolean): void {
    if (this.block !== null)
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A block of headers was interrupted.');
    if (this.isIdle(id))
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'Data came for a stream that is not open.');
    this.receivable -= length;
    if (this.receivable < 0)
      throw new ConnectionError(CODE.FLOW_CONTROL_ERROR, 'More data came than the window allows.');
    // What comes for a stream that is over was on its way when it ended, and is dropped.
    let stream = this.streams.get(id);
    if (stream === null) this.takenByAll(length);
    else {
      const code = dataFault(stream, length, data, ends);
      if (code !== CODE.NO_ERROR) {
        this.takenByAll(length);
        this.refuse(stream, code);
        stream = null;
      }
    }
    if (data === 0 && !ends) this.idle();
    this.dataStream = stream;
    this.dataEnds = ends;
    if (stream === null) return;
    stream.untaken += length;
    // Padding is taken at once.
    if (length > data) this.taken(stream, length - data);
    if (data === 0 && ends) this.endRemote(stream);
  }

  /** @internal */
  dataPiece(piece: Buffer, last: boolean): void {
    const stream = this.dataStream;
    // What is left of the frame counted as taken when the stream ended.
    if (stream === null || stream.isOver) return;
    try {
      stream.reader?.data(piece);
    } catch (thrown) {
      this.fault(stream, thrown);
    }
    if (last && this.dataEnds && !stream.isOver) this.endRemote(stream);
  }

  private readHeaders(flags: number, id: number, payload: Buffer): void {
    if (id % 2 === 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A client opens odd streams.');
    let block = unpadded(flags, payload);
    if ((flags & FLAG.PRIORITY) !== 0) {
      if (block.length < 5) throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A priority has five bytes.');
      block = block.subarray(5);
    }
    const ends = (flags & FLAG.END_STREAM) !== 0;
    if ((flags & FLAG.END_HEADERS) !== 0) this.takeHeaders(id, block, ends);
    else this.block = { id, ends, bytes: block, frames: 1 };
  }

  private readContinuation(flags: number, id: number, payload: Buffer): void {
    const { block } = this;
    if (block === null || block.id !== id)
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'Headers go on that did not begin.');
    // Blocks without an end are an attack (CVE-2024-27316).
    if (++block.frames > BLOCK_FRAMES || block.bytes.length + payload.length > BLOCK_BYTES)
      throw new ConnectionError(CODE.ENHANCE_YOUR_CALM, 'A block of headers is too long.');
    block.bytes = Buffer.concat([block.bytes, payload]);
    if ((flags & FLAG.END_HEADERS) === 0) return;
    this.block = null;
    this.takeHeaders(id, block.bytes, block.ends);
  }

  private takeHeaders(id: number, block: Buffer, ends: boolean): void {
    // Decoded in any case: both sides keep the same table.
    const list = this.decoder.decode(block);
    const known = this.streams.get(id);
    if (known !== null) return this.takeTrailers(known, list, ends);
    if (id <= this.lastId) {
      // The trailers of a call that is over were on their way when it ended; a request begins with a pseudo-header.
      if (list[0]?.startsWith(':'))
        throw new ConnectionError(CODE.PROTOCOL_ERROR, 'The numbers of new streams rise.');
      return this.idle();
    }
    this.lastId = id;
    // The goodbye named the last call that is answered; whoever sent this one may send it elsewhere.
    if (this.leaving) return;
    this.lastTaken = id;
    const { limits } = this.host;
    if (this.streams.size >= limits.streams) return this.turnAway(id, CODE.REFUSED_STREAM);
    if (this.decoder.tooLarge) return this.turnAway(id, CODE.ENHANCE_YOUR_CALM);
    const request = requestHeaders(list);
    if (request === null) return this.turnAway(id, CODE.PROTOCOL_ERROR);
    const stream = new ServerStream(this, id, limits.streamBytes, this.initialSendable);
    stream.announced = request.bytes;
    stream.remoteEnded = ends;
    if (ends && request.bytes > 0) return this.turnAway(id, CODE.PROTOCOL_ERROR);
    this.streams.add(stream);
    try {
      this.host.onCall(stream, request.headers, ends);
    } catch (thrown) {
      this.fault(stream, thrown);
    }
  }

  /** Nobody here reads them. */
  private takeTrailers(stream: ServerStream, list: HeaderList, ends: boolean): void {
    if (stream.remoteEnded) this.refuse(stream, CODE.STREAM_CLOSED);
    else if (!ends || !areTrailers(list) || (stream.announced >= 0 && !announcedHolds(stream, 0, true)))
      this.refuse(stream, CODE.PROTOCOL_ERROR);
    else this.endRemote(stream);
  }

  private endRemote(stream: ServerStream): void {
    stream.remoteEnded = true;
    try {
      stream.reader?.end();
    } catch (thrown) {
      this.fault(stream, thrown);
    }
  }

  private readReset(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A reset has four bytes.');
    if (this.isIdle(id))
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A stream was reset that is not open.');
    this.countReset();
    const stream = this.streams.get(id);
    if (stream !== null) this.remove(stream, payload.readUInt32BE(0));
  }

  private readSettings(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'Settings are for the connection.');
    this.idle();
    const acknowledges = (flags & FLAG.ACK) !== 0;
    if (payload.length % 6 !== 0 || (acknowledges && payload.length > 0))
      throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A setting has six bytes.');
    if (acknowledges) return;
    // Each may concern all streams.
    if (payload.length > MOST_SETTINGS * 6)
      throw new ConnectionError(CODE.ENHANCE_YOUR_CALM, 'Too many settings come at once.');
    for (let at = 0; at < payload.length; at += 6)
      this.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    this.writer.acknowledgeSettings();
  }

  private set(setting: number, value: number): void {
    const wrong = (code: number): never => {
      throw new ConnectionError(code, `Setting ${setting} cannot be ${value}.`);
    };
    if (setting === SETTING.HEADER_TABLE_SIZE) this.writer.tableChanged();
    else if (setting === SETTING.ENABLE_PUSH && value > 1) wrong(CODE.PROTOCOL_ERROR);
    else if (setting === SETTING.MAX_FRAME_SIZE) {
      if (value < FRAME_BYTES || value >= 2 ** 24) wrong(CODE.PROTOCOL_ERROR);
      this.writer.takesFrames(value);
    } else if (setting === SETTING.INITIAL_WINDOW_SIZE) {
      if (value > WIDEST_WINDOW) wrong(CODE.FLOW_CONTROL_ERROR);
      const change = value - this.initialSendable;
      this.initialSendable = value;
      for (const stream of this.streams.values()) {
        stream.sendable += change;
        if (stream.sendable > WIDEST_WINDOW) wrong(CODE.FLOW_CONTROL_ERROR);
        if (stream.isWaiting) this.wait(stream);
      }
      if (change > 0) this.pump();
    }
  }

  private readPing(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A ping is for the connection.');
    if (payload.length !== 8) throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A ping has eight bytes.');
    if ((flags & FLAG.ACK) !== 0) return;
    this.writer.acknowledgePing(payload);
  }

  private readWindowUpdate(id: number, payload: Buffer): void {
    if (payload.length !== 4)
      throw new ConnectionError(CODE.FRAME_SIZE_ERROR, 'A window update has four bytes.');
    const bytes = payload.readUInt32BE(0) & 0x7fffffff;
    if (id === 0) {
      if (bytes === 0) throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A window grows by nothing.');
      this.sendable += bytes;
      if (this.sendable > WIDEST_WINDOW)
        throw new ConnectionError(CODE.FLOW_CONTROL_ERROR, 'A window is too wide.');
      return this.pump();
    }
    if (this.isIdle(id))
      throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A window is widened of a stream that is not open.');
    const stream = this.streams.get(id);
    if (stream === null) return;
    if (bytes === 0) return this.refuse(stream, CODE.PROTOCOL_ERROR);
    stream.sendable += bytes;
    if (stream.sendable > WIDEST_WINDOW) this.refuse(stream, CODE.FLOW_CONTROL_ERROR);
    else if (stream.isWaiting && !this.waiting.has(stream)) this.send(stream);
  }

  // --- what is wrong ---

  /** Resets a stream whose caller broke the protocol. */
  private refuse(stream: ServerStream, code: number): void {
    this.reset(stream, code);
    this.countReset();
  }

  private turnAway(id: number, code: number): void {
    this.writeReset(id, code);
    this.countReset();
  }

  private countReset(): void {
    if (!takeOne(this.resets))
      throw new ConnectionError(CODE.ENHANCE_YOUR_CALM, 'Too many streams end with a reset.');
  }

  private idle(): void {
    if (!takeOne(this.idleFrames))
      throw new ConnectionError(CODE.ENHANCE_YOUR_CALM, 'Too many frames say nothing.');
  }

  private fault(stream: ServerStream, thrown: unknown): void {
    this.host.onFault(thrown);
    stream.reset(CODE.INTERNAL_ERROR);
  }

  private fail(thrown: unknown): void {
    let why = '';
    if (thrown instanceof ConnectionError || thrown instanceof HpackError) {
      this.code = thrown instanceof ConnectionError ? thrown.code : CODE.COMPRESSION_ERROR;
      why = thrown.message;
    } else {
      this.code = CODE.INTERNAL_ERROR;
      this.host.onFault(thrown);
    }
    this.writer.goAway(this.lastTaken, this.code, why);
    this.end();
  }

  // --- small things ---

  /** Streams that the peer has not opened: those to come, the connection itself, and those of even numbers. */
  private isIdle(id: number): boolean {
    return (id & 1) === 0 || id > this.lastId;
  }

  private greet(): void {
    const { streams, streamBytes, connectionBytes, headerBytes } = this.host.limits;
    this.writer.settings([
      [SETTING.MAX_CONCURRENT_STREAMS, streams],
      [SETTING.INITIAL_WINDOW_SIZE, streamBytes],
      [SETTING.MAX_HEADER_LIST_SIZE, headerBytes],
    ]);
    if (connectionBytes > WINDOW_BYTES) this.writeWindowUpdate(0, connectionBytes - WINDOW_BYTES);
    this.flushSoon();
  }

  private takenByAll(bytes: number): void {
    this.takenOfAll += bytes;
    if (this.takenOfAll < this.host.limits.connectionBytes / 2) return;
    this.writeWindowUpdate(0, this.takenOfAll);
    this.receivable += this.takenOfAll;
    this.takenOfAll = 0;
  }

  private writeWindowUpdate(id: number, bytes: number): void {
    this.writer.windowUpdate(id, bytes);
    this.flushSoon();
  }

  private writeReset(id: number, code: number): void {
    this.writer.reset(id, code);
    this.flushSoon();
  }

  private pump(): void {
    for (const stream of this.waiting) {
      if (this.sendable <= 0) return;
      this.send(stream);
      // What stopped this one stops all.
      if (this.waiting.has(stream)) return;
    }
  }

  /** Sends what the windows allow. One that still waits for the connection is behind the others, who have their turn. */
  private send(stream: ServerStream): void {
    this.waiting.delete(stream);
    try {
      if (!stream.pump()) this.wait(stream);
    } catch (thrown) {
      this.fault(stream, thrown);
    }
  }

  private drained(): void {
    this.pump();
    if (!this.socket.isPaused()) return;
    this.heard = true;
    this.socket.setTimeout(0);
    this.socket.resume();
  }

  /** As long as he reads nothing he is not read from, and not for ever: the time begins anew when something leaves. */
  private holdIfUnread(): void {
    if (this.state === 'closed' || this.socket.writableLength <= UNREAD_BYTES) return;
    this.socket.setTimeout(2 * this.host.limits.keepaliveMs);
    this.socket.pause();
  }

  private flushSoon(): void {
    if (this.reading || this.flushing) return;
    this.flushing = true;
    // Behind all promises that are settled now, whose answers leave in the same write.
    process.nextTick(() => {
      this.flushing = false;
      this.out.flush();
    });
  }

  private endIfDone(): void {
    if (this.leaving && this.streams.size === 0 && this.state !== 'closed') this.end();
  }

  /** Nothing more is read; what was written leaves. */
  private end(): void {
    this.state = 'closed';
    this.reader.stop();
    this.out.flush();
    // Closed at once, the socket would answer what still comes with a reset, and the peer might lose our last words.
    this.socket.end(() => setTimeout(() => this.socket.destroy(), LINGER_MS).unref());
    this.socket.resume();
    this.endStreams();
  }

  private closed(): void {
    this.state = 'closed';
    this.endStreams();
    this.host.onClose(this, this.code);
  }

  private endStreams(): void {
    for (const stream of this.streams.values()) this.remove(stream, CODE.CANCEL);
  }
}

function unpadded(flags: number, payload: Buffer): Buffer {
  if ((flags & FLAG.PADDED) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length)
    throw new ConnectionError(CODE.PROTOCOL_ERROR, 'A frame has more padding than bytes.');
  return payload.subarray(1, payload.length - padding);
}

/** What is wrong with data for a stream, one of {@link CODE}. */
function dataFault(stream: ServerStream, length: number, data: number, ends: boolean): number {
  if (stream.remoteEnded) return CODE.STREAM_CLOSED;
  if ((stream.receivable -= length) < 0) return CODE.FLOW_CONTROL_ERROR;
  return stream.announced < 0 || announcedHolds(stream, data, ends) ? CODE.NO_ERROR : CODE.PROTOCOL_ERROR;
}

/** Whether the body keeps to its content-length. */
function announcedHolds(stream: ServerStream, bytes: number, ends: boolean): boolean {
  stream.announced -= bytes;
  return ends ? stream.announced === 0 : stream.announced >= 0;
}

const bucketOf = ({
  burst,
  perSecond,
}: {
  readonly burst: number;
  readonly perSecond: number;
}): TokenBucket => new TokenBucket(perSecond, burst, performance.now());

/** Takes one; false: there is none. */
function takeOne(bucket: TokenBucket): boolean {
  const now = performance.now();
  if (bucket.wait(1, now) > 0) return false;
  bucket.take(1, now);
  return true;
}

const ignore = (): void => undefined;
