import { CODE, FLAG, FRAME, PREFACE, SETTING } from '../src/frames';
import { HpackDecoder } from '../src/hpack/hpack-decoder';
import {
  block,
  called,
  continuation,
  data,
  frame,
  headers,
  indexed,
  initialWindow,
  opened,
  padded,
  paddedData,
  ping,
  request,
  resetStream,
  settings,
  tableSize,
  uint32,
  windowUpdate,
  type Field,
} from './support/frames';
import { RawClient } from './support/raw-client';
import { digestOf, patternBytes, TestServer } from './support/test-server';

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR } = CODE;
const { COMPRESSION_ERROR, ENHANCE_YOUR_CALM, REFUSED_STREAM } = CODE;
const { END_HEADERS, END_STREAM, PADDED, PRIORITY } = FLAG;
const WHOLE = END_HEADERS | END_STREAM;
const MOST_STREAMS = 10;
/** The digest of an empty body. */
const EMPTY = digestOf();

type Case = [name: string, codes: readonly number[], ...bytes: Buffer[]];

describe('the HTTP/2 server, as RFC 9113 has it', () => {
  const house = new TestServer({ limits: { streams: MOST_STREAMS } });
  let bystander: RawClient;
  let client: RawClient;

  beforeAll(async () => {
    await house.listen();
    bystander = await RawClient.open(house.port);
  });

  afterEach(async () => {
    client.close();
    expect(await bystander.call('/take')).toBe(EMPTY);
    expect(bystander).toMatchObject({ ended: false, broken: null });
  });

  afterAll(async () => {
    await house.close();
    expect(house.faults).toEqual([]);
  });

  const open = async (greeting?: Buffer): Promise<RawClient> =>
    (client = await RawClient.open(house.port, greeting));

  /** A connection that is served as ever. */
  const lives = async (): Promise<void> => {
    expect(await client.call('/take', 9_001)).toBe(EMPTY);
    expect(client).toMatchObject({ ended: false, broken: null });
  };

  describe('ends a connection', () => {
    it.each<Case>([
      ['speaks another protocol', [PROTOCOL_ERROR], Buffer.from('GET / HTTP/1.1\r\nhost: here\r\n\r\n')],
      ['spoils the last byte of the preface', [PROTOCOL_ERROR], PREFACE.subarray(0, 23), Buffer.from('x')],
      ['begins with a ping', [PROTOCOL_ERROR], PREFACE, ping()],
      ['begins with a call', [PROTOCOL_ERROR], PREFACE, called(1, '/take')],
      ['begins with data', [PROTOCOL_ERROR], PREFACE, data(1, 'early')],
      ['begins with an answer to settings', [PROTOCOL_ERROR], PREFACE, frame(FRAME.SETTINGS, FLAG.ACK, 0)],
    ])('that %s', async (_name, codes, ...bytes) => {
      client = await RawClient.connect(house.port);
      client.write(...bytes);
      expect(codes).toContain(await client.goodbye());
    });

    it.each<Case>([
      [
        'settings: acknowledged with a payload',
        [FRAME_SIZE_ERROR],
        frame(FRAME.SETTINGS, 1, 0, Buffer.alloc(6)),
      ],
      ['settings: of five bytes', [FRAME_SIZE_ERROR], frame(FRAME.SETTINGS, 0, 0, Buffer.alloc(5))],
      ['settings: on a stream', [PROTOCOL_ERROR], frame(FRAME.SETTINGS, 0, 1)],
      ['settings: push that is neither on nor off', [PROTOCOL_ERROR], settings([SETTING.ENABLE_PUSH, 2])],
      ['settings: frames too small', [PROTOCOL_ERROR], settings([SETTING.MAX_FRAME_SIZE, 16_383])],
      ['settings: frames too large', [PROTOCOL_ERROR], settings([SETTING.MAX_FRAME_SIZE, 2 ** 24])],
      ['settings: a window too wide', [FLOW_CONTROL_ERROR], initialWindow(2 ** 31)],
      [
        'settings: too many',
        [ENHANCE_YOUR_CALM],
        settings(...Array.from({ length: 33 }, () => [3, 1] as const)),
      ],
      [
        'settings: that make the window of a stream too wide',
        [FLOW_CONTROL_ERROR],
        opened(1, '/hold'),
        windowUpdate(1, 2 ** 31 - 1 - 65_535),
        initialWindow(65_536),
      ],
      ['a ping of seven bytes', [FRAME_SIZE_ERROR], ping(Buffer.alloc(7))],
      ['a ping on a stream', [PROTOCOL_ERROR], frame(FRAME.PING, 0, 1, Buffer.alloc(8))],
      [
        'data in a frame that is too long',
        [FRAME_SIZE_ERROR],
        opened(1, '/take'),
        data(1, Buffer.alloc(16_385)),
      ],
      ['headers in a frame that is too long', [FRAME_SIZE_ERROR], headers(1, Buffer.alloc(16_385))],
      ['something unknown that is too long', [FRAME_SIZE_ERROR], frame(99, 0, 0, Buffer.alloc(16_385))],
      ['headers on no stream', [PROTOCOL_ERROR], called(0, '/take')],
      ['headers on an even stream', [PROTOCOL_ERROR], called(2, '/take')],
      ['a stream whose number is lower', [PROTOCOL_ERROR], called(5, '/take'), called(3, '/take')],
      ['a stream a second time', [PROTOCOL_ERROR, STREAM_CLOSED], called(1, '/take'), called(1, '/take')],
      ['data on no stream', [PROTOCOL_ERROR], data(0, 'x')],
      ['data on a stream that is idle', [PROTOCOL_ERROR], data(1, 'x')],
      ['data on an even stream', [PROTOCOL_ERROR], called(5, '/take'), data(2, 'x')],
      ['padded data on a stream that is idle', [PROTOCOL_ERROR], paddedData(1, padded(Buffer.from('x'), 3))],
      ['a reset of no stream', [PROTOCOL_ERROR], resetStream(0, CODE.CANCEL)],
      ['a reset of a stream that is idle', [PROTOCOL_ERROR], resetStream(1, CODE.CANCEL)],
      ['a reset of an even stream', [PROTOCOL_ERROR], called(5, '/take'), resetStream(2, CODE.CANCEL)],
      ['a window of a stream that is idle', [PROTOCOL_ERROR], windowUpdate(1, 1)],
      ['a window of an even stream', [PROTOCOL_ERROR], called(5, '/take'), windowUpdate(2, 1)],
      ['a reset of three bytes', [FRAME_SIZE_ERROR], opened(1, '/hold'), frame(3, 0, 1, Buffer.alloc(3))],
      ['a reset of five bytes', [FRAME_SIZE_ERROR], opened(1, '/hold'), frame(3, 0, 1, Buffer.alloc(5))],
      ['a goodbye of seven bytes', [FRAME_SIZE_ERROR], frame(FRAME.GOAWAY, 0, 0, Buffer.alloc(7))],
      ['a goodbye on a stream', [PROTOCOL_ERROR], frame(FRAME.GOAWAY, 0, 1, Buffer.alloc(8))],
      ['a window of three bytes', [FRAME_SIZE_ERROR], frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(3))],
      ['a window of five bytes', [FRAME_SIZE_ERROR], frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(5))],
      ['a window of its own that grows by nothing', [PROTOCOL_ERROR], windowUpdate(0, 0)],
      ['a window of its own that is too wide', [FLOW_CONTROL_ERROR], windowUpdate(0, 2 ** 31 - 1)],
      [
        'a window of its own that gets too wide in steps',
        [FLOW_CONTROL_ERROR],
        windowUpdate(0, 2 ** 31 - 1 - 65_535),
        windowUpdate(0, 1),
      ],
      ['a priority of four bytes', [FRAME_SIZE_ERROR], frame(FRAME.PRIORITY, 0, 1, Buffer.alloc(4))],
      ['a priority of no stream', [PROTOCOL_ERROR], frame(FRAME.PRIORITY, 0, 0, Buffer.alloc(5))],
      ['a promise', [PROTOCOL_ERROR], frame(FRAME.PUSH_PROMISE, END_HEADERS, 1, Buffer.alloc(4))],
      [
        'data with as much padding as frame',
        [PROTOCOL_ERROR],
        opened(1, '/take'),
        paddedData(1, padded(Buffer.alloc(3), 0, 4)),
      ],
      [
        'data with more padding than frame',
        [PROTOCOL_ERROR],
        opened(1, '/take'),
        paddedData(1, padded(Buffer.alloc(3), 0, 200)),
      ],
      [
        'data whose padding is not even said',
        [PROTOCOL_ERROR, FRAME_SIZE_ERROR],
        opened(1, '/take'),
        paddedData(1, Buffer.alloc(0)),
      ],
      [
        'headers with more padding than frame',
        [PROTOCOL_ERROR],
        headers(1, padded(block(...request('/take')), 0, 250), WHOLE | PADDED),
      ],
      [
        'headers whose priority is cut',
        [FRAME_SIZE_ERROR, PROTOCOL_ERROR],
        headers(1, Buffer.alloc(4), WHOLE | PRIORITY),
      ],
      [
        'headers that go on without having begun',
        [PROTOCOL_ERROR],
        opened(1, '/take'),
        continuation(1, block(['a', 'b']), END_HEADERS),
      ],
      ['headers that go on on no stream', [PROTOCOL_ERROR], continuation(0, block(['a', 'b']), END_HEADERS)],
      [
        'headers that go on on another stream',
        [PROTOCOL_ERROR],
        headers(1, block(...request('/take')), END_STREAM),
        continuation(3, block(['a', 'b']), END_HEADERS),
      ],
      [
        'headers with a ping inside',
        [PROTOCOL_ERROR],
        headers(1, block(...request('/take')), END_STREAM),
        ping(),
      ],
      ['headers with data inside', [PROTOCOL_ERROR], headers(1, block(...request('/take')), 0), data(1, 'x')],
      [
        'headers with other headers inside',
        [PROTOCOL_ERROR],
        headers(1, block(...request('/take')), 0),
        called(3, '/take'),
      ],
      [
        'headers with something unknown inside',
        [PROTOCOL_ERROR],
        headers(1, block(...request('/take')), 0),
        frame(99, 0, 1),
      ],
      [
        'headers without an end, of empty frames (CVE-2024-27316)',
        [ENHANCE_YOUR_CALM],
        headers(1, block(...request('/take')), END_STREAM),
        ...Array.from({ length: 20 }, () => continuation(1, Buffer.alloc(0))),
      ],
      [
        'headers without an end, of full frames',
        [ENHANCE_YOUR_CALM],
        headers(1, block(...request('/take')), END_STREAM),
        ...Array.from({ length: 5 }, () => continuation(1, block(['a', 'b'.repeat(16_000)]))),
      ],
      ['headers with index 0', [COMPRESSION_ERROR], headers(1, Buffer.from([0x80]), WHOLE)],
      [
        'headers with an index beyond the tables',
        [COMPRESSION_ERROR],
        headers(1, Buffer.from([0xc6]), WHOLE),
      ],
      [
        'headers that are cut',
        [COMPRESSION_ERROR],
        headers(1, block(...request('/take')).subarray(0, -1), WHOLE),
      ],
      ['headers with a table that is too large', [COMPRESSION_ERROR], headers(1, tableSize(4_097), WHOLE)],
      [
        'headers whose table changes behind a field',
        [COMPRESSION_ERROR],
        headers(1, Buffer.concat([block(...request('/take')), tableSize(0)]), WHOLE),
      ],
      [
        'headers with broken Huffman code',
        [COMPRESSION_ERROR],
        headers(1, Buffer.from([0, 0x81, 0xff, 0x81, 0x00]), WHOLE),
      ],
      [
        'trailers that cannot be decoded',
        [COMPRESSION_ERROR],
        opened(1, '/take'),
        headers(1, Buffer.from([0x80]), WHOLE),
      ],
    ])('for %s', async (_name, codes, ...bytes) => {
      await open();
      client.write(...bytes);
      expect(codes).toContain(await client.goodbye());
    });

    it('in order where much more is still on its way', async () => {
      await open();
      const more = Array.from({ length: 800 }, () => data(1, Buffer.alloc(16_384)));
      client.write(opened(1, '/take'), windowUpdate(0, 0), ...more);
      expect(await client.goodbye()).toBe(PROTOCOL_ERROR);
    });

    it('and names the last call that it took', async () => {
      await open();
      client.write(called(1, '/take'), called(7, '/take'), windowUpdate(0, 0));
      await client.goodbye();
      expect((await client.see(FRAME.GOAWAY)).payload.readUInt32BE(0)).toBe(7);
    });
  });

  describe('resets one stream, and the connection lives on', () => {
    const malformed = (name: string, ...fields: Field[]): Case => [
      name,
      [PROTOCOL_ERROR],
      headers(1, block(...fields), WHOLE),
    ];
    const [METHOD, SCHEME, PATH, AUTHORITY] = request('/take') as [Field, Field, Field, Field];
    const ALL = request('/take');
    it.each<Case>([
      malformed('a name in upper case', ...ALL, ['X-Upper', 'a']),
      malformed('an empty name', ...ALL, ['', 'a']),
      malformed('a name with a space', ...ALL, ['a b', 'a']),
      malformed('a name with a colon inside', ...ALL, ['a:b', 'a']),
      malformed('no method', SCHEME, PATH, AUTHORITY),
      malformed('no scheme', METHOD, PATH, AUTHORITY),
      malformed('no path', METHOD, SCHEME, AUTHORITY),
      malformed('an empty path', METHOD, SCHEME, AUTHORITY, [':path', '']),
      malformed('nothing at all'),
      malformed('two methods', METHOD, ...ALL),
      malformed('two schemes', SCHEME, ...ALL),
      malformed('two paths', PATH, ...ALL),
      malformed('a pseudo-header that is unknown', [':colour', 'red'], ...ALL),
      malformed('a pseudo-header of answers', [':status', '200'], ...ALL),
      malformed('a pseudo-header behind the others', METHOD, SCHEME, ['a', 'b'], PATH),
      malformed('connection', ...ALL, ['connection', 'keep-alive']),
      malformed('keep-alive', ...ALL, ['keep-alive', '5']),
      malformed('proxy-connection', ...ALL, ['proxy-connection', 'keep-alive']),
      malformed('transfer-encoding', ...ALL, ['transfer-encoding', 'chunked']),
      malformed('upgrade', ...ALL, ['upgrade', 'h2c']),
      malformed('te that is not trailers', ...ALL, ['te', 'trailers, deflate']),
      malformed('a line feed in a value', ...ALL, ['a', 'b\nc']),
      malformed('a carriage return in a value', ...ALL, ['a', 'b\rc']),
      malformed('NUL in a value', ...ALL, ['a', 'b\0c']),
      malformed('NUL in a path', METHOD, SCHEME, [':path', '/take\0']),
      malformed('a space before a value', ...ALL, ['a', ' b']),
      malformed('a tab behind a value', ...ALL, ['a', 'b\t']),
      malformed('a content-length that is none', ...ALL, ['content-length', '1x']),
      malformed('a negative content-length', ...ALL, ['content-length', '-1']),
      malformed('two content-lengths', ...ALL, ['content-length', '0'], ['content-length', '1']),
      malformed('a content-length without a body', ...ALL, ['content-length', '1']),
      [
        'less data than the content-length says',
        [PROTOCOL_ERROR],
        opened(1, '/hold', ['content-length', '4']),
        data(1, 'abc', END_STREAM),
      ],
      [
        'more data than the content-length says',
        [PROTOCOL_ERROR],
        opened(1, '/hold', ['content-length', '4']),
        data(1, 'abc'),
        data(1, 'de'),
      ],
      [
        'padded data that are more than the content-length says',
        [PROTOCOL_ERROR],
        opened(1, '/hold', ['content-length', '4']),
        paddedData(1, padded(Buffer.from('abcde'), 2)),
      ],
      [
        'trailers before the content-length is reached',
        [PROTOCOL_ERROR],
        opened(1, '/hold', ['content-length', '4']),
        data(1, 'abc'),
        headers(1, block(['a', 'b']), WHOLE),
      ],
      [
        'an empty end before the content-length is reached',
        [PROTOCOL_ERROR],
        opened(1, '/hold', ['content-length', '4']),
        data(1, '', END_STREAM),
      ],
      ['trailers that do not end', [PROTOCOL_ERROR], opened(1, '/hold'), headers(1, block(['a', 'b']))],
      [
        'trailers with a pseudo-header',
        [PROTOCOL_ERROR],
        opened(1, '/hold'),
        headers(1, block([':path', '/x']), WHOLE),
      ],
      ['trailers in upper case', [PROTOCOL_ERROR], opened(1, '/hold'), headers(1, block(['A', 'b']), WHOLE)],
      ['a second request on its stream', [PROTOCOL_ERROR], opened(1, '/hold'), called(1, '/take')],
      ['data behind its end', [STREAM_CLOSED], called(1, '/hold'), data(1, 'x')],
      ['headers behind its end', [STREAM_CLOSED], called(1, '/hold'), headers(1, block(['a', 'b']), WHOLE)],
      [
        'trailers behind the end of the data',
        [STREAM_CLOSED],
        opened(1, '/hold'),
        data(1, 'x', END_STREAM),
        headers(1, block(['a', 'b']), WHOLE),
      ],
      ['a window that grows by nothing', [PROTOCOL_ERROR], opened(1, '/hold'), windowUpdate(1, 0)],
      ['a window that is too wide', [FLOW_CONTROL_ERROR], opened(1, '/hold'), windowUpdate(1, 2 ** 31 - 1)],
      [
        'a window that gets too wide in steps',
        [FLOW_CONTROL_ERROR],
        opened(1, '/hold'),
        windowUpdate(1, 2 ** 31 - 1 - 65_535),
        windowUpdate(1, 1),
      ],
    ])('for %s', async (_name, codes, ...bytes) => {
      const before = house.held.length;
      await open();
      client.write(...bytes);
      const code = await client.resetOf(1);
      expect(codes).toContain(code);
      await lives();
      for (const call of house.held.slice(before)) expect(call.code).toBe(code);
      expect(client.frames.filter(({ id, type }) => id === 1 && type !== FRAME.RST_STREAM)).toEqual([]);
    });

    it('for each call beyond the most at a time, and takes others when those are over', async () => {
      await open();
      const ids = Array.from({ length: MOST_STREAMS + 2 }, (_, at) => 2 * at + 1);
      client.write(...ids.map((id) => opened(id, '/hold')));
      for (const id of ids.slice(MOST_STREAMS)) expect(await client.resetOf(id)).toBe(REFUSED_STREAM);
      client.write(resetStream(1, CODE.CANCEL));
      await lives();
      expect(client.frames.filter(({ type }) => type === FRAME.RST_STREAM)).toHaveLength(2);
    });

    it('for headers that are too large, and still reads those behind them by the same table', async () => {
      await open();
      const large = block(['x-large', 'a'.repeat(9_000)], ['x-large', 'b'.repeat(9_000)]);
      const whole = Buffer.concat([indexed('x-kept', 'as it was'), block(...request('/take')), large]);
      client.write(
        headers(1, whole.subarray(0, 16_000), END_STREAM),
        continuation(1, whole.subarray(16_000), END_HEADERS),
      );
      expect(await client.resetOf(1)).toBe(ENHANCE_YOUR_CALM);
      const known = Buffer.from([0x80 | 62]);
      client.write(headers(3, Buffer.concat([block(...request('/take')), known]), WHOLE));
      expect(await client.answerTo(3)).toBe(EMPTY);
      expect(house.taken.at(-1)!.headers['x-kept']).toBe('as it was');
    });

    it('and keeps the table in step with headers of streams that it refuses or does not know any more', async () => {
      await open();
      client.write(
        headers(
          1,
          Buffer.concat([block(...request('/take'), ['UPPER', 'a']), indexed('x-first', '1')]),
          WHOLE,
        ),
        called(3, '/take'),
        headers(3, indexed('x-second', '2'), WHOLE),
        headers(5, Buffer.concat([block(...request('/take')), Buffer.from([0xbe, 0xbf])]), WHOLE),
      );
      expect(await client.resetOf(1)).toBe(PROTOCOL_ERROR);
      expect(await client.answerTo(5)).toBe(EMPTY);
      expect(house.taken.at(-1)!.headers).toMatchObject({ 'x-first': '1', 'x-second': '2' });
    });
  });

  describe('takes', () => {
    it('a greeting, calls and bodies that come byte by byte', async () => {
      client = await RawClient.connect(house.port);
      const body = paddedData(1, padded(Buffer.from('abc'), 5), END_STREAM);
      const bytes = Buffer.concat([
        PREFACE,
        settings(),
        opened(1, '/take'),
        data(1, 'xy'),
        body,
        called(3, '/give/3'),
      ]);
      for (const byte of bytes) {
        await client.send(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      expect(await client.answerTo(1)).toBe(digestOf(Buffer.from('xyabc')));
      expect(await client.answerTo(3)).toBe(patternBytes(3).toString());
      await lives();
    });

    it('settings, unknown ones too, and says so for each frame of them', async () => {
      await open(settings([0x99, 1], [SETTING.ENABLE_PUSH, 0], [SETTING.MAX_CONCURRENT_STREAMS, 0]));
      client.write(settings(), settings([0x7f, 7]));
      await lives();
      const acks = client.frames.filter(({ type, flags }) => type === FRAME.SETTINGS && flags === FLAG.ACK);
      expect(acks.map(({ payload }) => payload.byteLength)).toEqual([0, 0, 0]);
    });

    it('pings, and sends the same bytes back', async () => {
      await open();
      client.write(
        ping(Buffer.from('12345678')),
        ping(Buffer.from('of yours'), FLAG.ACK),
        ping(Buffer.from('abcdefgh')),
      );
      await lives();
      const back = client.frames.filter(({ type }) => type === FRAME.PING);
      expect(back.map(({ payload, flags }) => `${flags} ${payload.toString()}`)).toEqual([
        '1 12345678',
        '1 abcdefgh',
      ]);
    });

    it.each<[name: string, ...bytes: Buffer[]]>([
      ['frames of unknown types', frame(99, 255, 0, Buffer.from('what?')), frame(98, 0, 1), frame(97, 0, 2)],
      [
        'priorities, of idle streams too',
        frame(FRAME.PRIORITY, 0, 5, Buffer.alloc(5)),
        frame(FRAME.PRIORITY, 0, 6, Buffer.alloc(5)),
      ],
      [
        'a goodbye with an unknown code',
        frame(FRAME.GOAWAY, 0, 0, Buffer.concat([uint32(0), uint32(77), Buffer.from('why')])),
      ],
      ['a reset with an unknown code', opened(1, '/hold'), resetStream(1, 0x77)],
      [
        'windows and resets of a stream that is over',
        called(1, '/take'),
        windowUpdate(1, 9),
        windowUpdate(1, 0),
        resetStream(1, 8),
        resetStream(1, 8),
      ],
      [
        'data and trailers of a stream that was reset',
        opened(1, '/refuse'),
        data(1, 'a'),
        data(1, 'b'),
        headers(1, block(['a', 'b']), WHOLE),
      ],
      [
        'data of a stream that the client has reset',
        opened(1, '/hold'),
        resetStream(1, 8),
        data(1, 'a', END_STREAM),
      ],
      ['streams that leave numbers out', called(11, '/take'), called(501, '/take')],
      [
        'reserved bits',
        frame(FRAME.PING, 0xfe, 0x80000000, Buffer.alloc(8)),
        frame(FRAME.WINDOW_UPDATE, 0, 0, uint32(0x80000001)),
      ],
    ])('%s', async (_name, ...bytes) => {
      await open();
      client.write(...bytes);
      await lives();
      expect(client.frames.filter(({ type, id }) => type === FRAME.GOAWAY || id === 5)).toEqual([]);
    });

    it('no padding, some, and nothing but padding', async () => {
      await open();
      client.write(
        opened(1, '/take', ['content-length', '6']),
        paddedData(1, padded(Buffer.from('abc'), 0)),
        paddedData(1, padded(Buffer.from('def'), 255)),
        paddedData(1, padded(Buffer.alloc(0), 100)),
        paddedData(1, padded(Buffer.alloc(0), 0), END_STREAM),
      );
      expect(await client.answerTo(1)).toBe(digestOf(Buffer.from('abcdef')));
    });

    it('headers with padding, with a priority, and with both', async () => {
      await open();
      const whole = block(...request('/take'));
      const prior = Buffer.concat([uint32(0), Buffer.from([15]), whole]);
      client.write(
        headers(1, padded(whole, 0), WHOLE | PADDED),
        headers(3, padded(whole, 60), WHOLE | PADDED),
        headers(5, prior, WHOLE | PRIORITY),
        headers(7, padded(prior, 9), WHOLE | PRIORITY | PADDED),
      );
      for (const id of [1, 3, 5, 7]) expect(await client.answerTo(id)).toBe(EMPTY);
    });

    it('headers of many frames, cut anywhere, an empty one among them', async () => {
      await open();
      const whole = block(...request('/take', ['x-long', 'a'.repeat(300)]));
      const cuts = [0, 1, 1, 7, 8, 100, whole.byteLength];
      const parts = cuts.slice(1).map((end, at) => whole.subarray(cuts[at], end));
      client.write(
        headers(1, Buffer.alloc(0), END_STREAM),
        ...parts.map((part, at) => continuation(1, part, at === parts.length - 1 ? END_HEADERS : 0)),
      );
      expect(await client.answerTo(1)).toBe(EMPTY);
      expect(house.taken.at(-1)!.headers['x-long']).toBe('a'.repeat(300));
    });

    it('trailers, with the content-length and without one', async () => {
      await open();
      for (const [id, ...more] of [[1], [3, ['content-length', '3'] as Field]] as [number, ...Field[]][]) {
        client.write(
          opened(id, '/take', ...more),
          data(id, 'abc'),
          headers(id, block(['a', 'b'], ['te', 'trailers']), WHOLE),
        );
        expect(await client.answerTo(id)).toBe(digestOf(Buffer.from('abc')));
      }
    });

    it('the same content-length twice, and cookies in pieces', async () => {
      await open();
      client.write(
        called(
          1,
          '/take',
          ['content-length', '0'],
          ['content-length', '0'],
          ['cookie', 'a=1'],
          ['cookie', 'b=2'],
        ),
      );
      expect(await client.answerTo(1)).toBe(EMPTY);
      expect(house.taken.at(-1)!.headers).toMatchObject({ cookie: 'a=1; b=2', 'content-length': '0' });
    });
  });

  describe('answers', () => {
    it('with a change of the table in front where the client made its own smaller, and once only', async () => {
      await open(settings([SETTING.HEADER_TABLE_SIZE, 100]));
      client.write(called(1, '/take'), called(3, '/take'));
      await client.answerTo(1);
      await client.answerTo(3);
      const [first, ...others] = client.frames.filter(({ type }) => type === FRAME.HEADERS);
      expect(first!.payload[0]).toBe(0x20);
      expect(others.map(({ payload }) => payload[0])).not.toContain(0x20);
      // Whoever knows of no smaller table takes it as well.
      expect(new HpackDecoder(4_096).decode(first!.payload).slice(0, 2)).toEqual([':status', '200']);
    });

    it('in frames as large as the client takes, and headers too', async () => {
      await open(settings([SETTING.MAX_FRAME_SIZE, 20_000], [SETTING.INITIAL_WINDOW_SIZE, 2 ** 20]));
      client.write(windowUpdate(0, 2 ** 20), called(1, '/give/100000'));
      await client.answerTo(1);
      const lengths = client.frames
        .filter(({ type }) => type === FRAME.DATA)
        .map(({ payload }) => payload.byteLength);
      expect(lengths).toEqual([20_000, 20_000, 20_000, 20_000, 20_000]);
      expect(client.bodyOf(1).equals(patternBytes(100_000))).toBe(true);
    });

    it('as far as the windows allow, also when one has become negative, and on when they grow', async () => {
      await open(initialWindow(1_000));
      client.write(called(1, '/give/5000'), ping());
      await client.see(FRAME.PING);
      expect(client.bodyOf(1)).toHaveLength(1_000);
      // 1,000 sent of 400: 600 too many.
      client.write(initialWindow(400), windowUpdate(1, 600), ping(Buffer.from('-shrunk-')));
      await client.sees('-shrunk-');
      expect(client.bodyOf(1)).toHaveLength(1_000);
      client.write(windowUpdate(1, 1), ping(Buffer.from('one more')));
      await client.sees('one more');
      expect(client.bodyOf(1)).toHaveLength(1_001);
      client.write(initialWindow(1_400), ping(Buffer.from('-thousan')));
      await client.sees('-thousan');
      expect(client.bodyOf(1)).toHaveLength(2_001);
      client.write(initialWindow(0), initialWindow(2 ** 20));
      expect(await client.answerTo(1)).toBe(patternBytes(5_000).toString());
    });
  });
});
