/**
 * A client that keeps so many calls in flight and does next to nothing else, for where it shares the cores with the servers:
 * h2load takes 5 µs a call. Calls are the same bytes but for the stream's number, as many in one write as are missing; of
 * answers it counts the ends, and reads the first of each connection. `node flood-client.cjs` is told over IPC what to do
 * and says, whenever it is asked, how many answers it has had.
 */
const { FLAG, FRAME, FRAME_BYTES, HEAD_BYTES } = require('../../../libs/http2/dist/frames.js');
const { Wire, frame } = require('./wire.cjs');

/** Entries of HPACK's static table (RFC 7541, appendix A); the newest of the dynamic one is the next. */
const STATIC_ENTRIES = 61;
/** Of the dynamic table, unless a server asks for another one. */
const TABLE_BYTES = 4096;
/** In a head of a frame. */
const ID_AT = 5;

/** A block that has the server remember the headers, and one that says the same from then on (RFC 7541, section 6). */
function blocks(headers) {
  const fields = Object.entries(headers);
  const bytes = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  if (bytes > TABLE_BYTES) throw new Error(`The headers take ${bytes} bytes of a table of ${TABLE_BYTES}.`);
  return {
    first: Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0x40), text(name), text(value)])),
    next: Buffer.from(fields.map((_, index) => 0x80 | (STATIC_ENTRIES + fields.length - index))),
  };
}

/** Its length with a prefix of seven bits, and its octets (RFC 7541, section 5). */
function text(value) {
  const octets = Buffer.from(value);
  if (octets.length < 127) return Buffer.concat([Buffer.of(octets.length), octets]);
  const length = [127];
  let rest = octets.length - 127;
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), octets]);
}

class Flood extends Wire {
  answers = 0;
  inFlight = 1;

  /** @param call as of Wire, and how many `streams` to keep open; the message fits into one frame */
  constructor({ streams, ...call }) {
    super(call);
    const { message } = call;
    if (message.length > FRAME_BYTES) throw new Error('The message does not fit into one frame.');
    const { first, next } = blocks(call.headers);
    const data = frame(FRAME.DATA, FLAG.END_STREAM, 1, message);
    this.streams = streams;
    this.bytes = Buffer.concat([frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, next), data]);
    this.dataAt = this.bytes.length - data.length;
    this.socket.write(Buffer.concat([frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, first), data]));
    this.nextId = 3;
    this.window -= message.length;
  }

  pump() {
    const { bytes, dataAt, message } = this;
    const wanted = Math.min(this.streams, this.mostOpen) - this.inFlight;
    const count = Math.min(wanted, Math.floor(this.window / message.length));
    if (count <= 0) return;
    const calls = Buffer.allocUnsafe(count * bytes.length);
    for (let at = 0; at < calls.length; at += bytes.length) {
      calls.set(bytes, at);
      calls.writeUInt32BE(this.nextId, at + ID_AT);
      calls.writeUInt32BE(this.nextId, at + dataAt + ID_AT);
      this.nextId += 2;
    }
    this.inFlight += count;
    this.window -= count * message.length;
    this.socket.write(calls);
  }

  read(chunk) {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const end = at + HEAD_BYTES + ((bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]);
      if (end > bytes.length) break;
      const type = bytes[at + 3];
      if (type === FRAME.HEADERS && this.answers > 0) this.ended(bytes[at + 4]);
      else if (type === FRAME.DATA) this.received += end - at - HEAD_BYTES;
      else
        this.take(type, bytes[at + 4], bytes.readUInt32BE(at + ID_AT), bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.rest = bytes.subarray(at);
    // An empty frame more: what was received is told from time to time.
    this.take(FRAME.DATA, 0, 0, this.rest.subarray(0, 0));
    this.pump();
  }

  /** A block of headers or trailers. */
  ended(flags) {
    if ((flags & FLAG.END_STREAM) === 0) return;
    this.answers++;
    this.inFlight--;
  }

  answered(id, status) {
    if (status !== '0') throw new Error(`The server answered with status ${status}.`);
    this.ended(FLAG.END_STREAM);
  }

  end() {
    throw new Error('The server closed the connection.');
  }
}

function run({ url, headers, body, connections, streams }) {
  const { hostname, port, host, pathname } = new URL(url);
  const call = {
    host: hostname,
    port: Number(port),
    headers: { ':method': 'POST', ':scheme': 'http', ':path': pathname, ':authority': host, ...headers },
    message: Buffer.from(body, 'base64'),
    streams,
  };
  const floods = Array.from({ length: connections }, () => new Flood(call));
  process.on('message', () => process.send(floods.reduce((sum, { answers }) => sum + answers, 0)));
  process.once('disconnect', () => process.exit());
}

process.once('message', run);
