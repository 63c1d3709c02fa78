/**
 * One HTTP/2 connection of a client that costs little: frames by hand on a socket, the same call again and again. Node's own
 * client takes half a core for 7,000 calls a second.
 */
const { connect } = require('node:net');
const { encodeHeaders } = require('@steward/http2');
const {
  FLAG,
  FRAME,
  FRAME_BYTES,
  PREFACE,
  SETTING,
  WINDOW_BYTES,
} = require('../../../libs/http2/dist/frames.js');
const { HpackDecoder } = require('../../../libs/http2/dist/hpack/hpack-decoder.js');

const WIDE = 2 ** 30;

function frame(type, flags, id, payload) {
  const head = Buffer.alloc(9 + payload.byteLength);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  head.set(payload, 9);
  return head;
}

const number = (value, bytes = 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

class Wire {
  /** @param call `host`, `port`, `headers` with all pseudo-headers, `message` with gRPC's five bytes */
  constructor({ host, port, headers, message }) {
    this.block = encodeHeaders(headers);
    this.message = message;
    this.decoder = new HpackDecoder();
    this.waiting = [];
    this.open = new Map();
    this.sending = null;
    this.nextId = 1;
    this.window = WINDOW_BYTES;
    this.streamWindow = WINDOW_BYTES;
    this.mostOpen = 100;
    this.received = 0;
    this.rest = Buffer.alloc(0);
    this.socket = connect(port, host);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.end('broken'));
    this.socket.write(
      Buffer.concat([
        PREFACE,
        frame(FRAME.SETTINGS, 0, 0, Buffer.concat([number(SETTING.INITIAL_WINDOW_SIZE, 2), number(WIDE)])),
        frame(FRAME.WINDOW_UPDATE, 0, 0, number(WIDE)),
      ]),
    );
  }

  /** Sends as soon as the server's limits allow; `done` is told the gRPC status, or that the call broke. */
  call(done) {
    if (this.socket.destroyed) return done('broken');
    this.waiting.push(done);
    this.pump();
  }

  close() {
    this.open.clear();
    this.waiting = [];
    this.socket.destroy();
  }

  pump() {
    this.socket.cork();
    while (this.sending !== null || (this.waiting.length > 0 && this.open.size < this.mostOpen)) {
      if (this.sending === null) this.begin(this.waiting.shift());
      if (!this.send(this.sending)) break;
      this.sending = null;
    }
    this.socket.uncork();
  }

  begin(done) {
    const id = this.nextId;
    this.nextId += 2;
    this.open.set(id, done);
    this.socket.write(frame(FRAME.HEADERS, FLAG.END_HEADERS, id, this.block));
    this.sending = { id, at: 0, window: this.streamWindow };
  }

  /** False: a window is full. */
  send(sending) {
    const { message } = this;
    while (sending.at < message.byteLength) {
      const room = Math.min(message.byteLength - sending.at, FRAME_BYTES, this.window, sending.window);
      if (room <= 0) return false;
      const end = sending.at + room;
      const flags = end === message.byteLength ? FLAG.END_STREAM : 0;
      this.socket.write(frame(FRAME.DATA, flags, sending.id, message.subarray(sending.at, end)));
      this.window -= room;
      sending.window -= room;
      sending.at = end;
    }
    return true;
  }

  read(chunk) {
    let bytes = this.rest.byteLength > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    while (bytes.byteLength >= 9) {
      const length = bytes.readUIntBE(0, 3);
      if (bytes.byteLength < 9 + length) break;
      this.take(bytes[3], bytes[4], bytes.readUInt32BE(5), bytes.subarray(9, 9 + length));
      bytes = bytes.subarray(9 + length);
    }
    this.rest = bytes;
    this.pump();
  }

  take(type, flags, id, payload) {
    if (type === FRAME.HEADERS) {
      const list = this.decoder.decode(payload);
      if ((flags & FLAG.END_STREAM) !== 0) this.answered(id, list[list.indexOf('grpc-status') + 1]);
    } else if (type === FRAME.DATA) {
      this.received += payload.byteLength;
      if (this.received > WIDE / 2) {
        this.socket.write(frame(FRAME.WINDOW_UPDATE, 0, 0, number(this.received)));
        this.received = 0;
      }
    } else if (type === FRAME.WINDOW_UPDATE) {
      const more = payload.readUInt32BE(0);
      if (id === 0) this.window += more;
      else if (this.sending?.id === id) this.sending.window += more;
    } else if (type === FRAME.SETTINGS && (flags & FLAG.ACK) === 0) this.set(payload);
    else if (type === FRAME.PING && (flags & FLAG.ACK) === 0)
      this.socket.write(frame(FRAME.PING, FLAG.ACK, 0, payload));
    else if (type === FRAME.RST_STREAM) {
      if (this.sending?.id === id) this.sending = null;
      this.answered(id, 'broken');
    } else if (type === FRAME.GOAWAY) this.socket.destroy();
  }

  set(payload) {
    for (let at = 0; at < payload.byteLength; at += 6) {
      const value = payload.readUInt32BE(at + 2);
      const setting = payload.readUInt16BE(at);
      if (setting === SETTING.MAX_CONCURRENT_STREAMS) this.mostOpen = value;
      if (setting === SETTING.INITIAL_WINDOW_SIZE) {
        if (this.sending) this.sending.window += value - this.streamWindow;
        this.streamWindow = value;
      }
    }
    this.socket.write(frame(FRAME.SETTINGS, FLAG.ACK, 0, Buffer.alloc(0)));
  }

  answered(id, status) {
    const done = this.open.get(id);
    this.open.delete(id);
    done?.(status);
  }

  end(status) {
    const broken = [...this.open.values(), ...this.waiting];
    this.close();
    for (const done of broken) done(status);
  }
}

module.exports = { Wire, frame };
