import { eventually } from '@steward/testing';
import { encodeHeaders, NodeStream, type ServerStream } from '../src';
import { CODE, FLAG, FRAME } from '../src/frames';
import { called, data, initialWindow, opened, resetStream, windowUpdate } from './support/frames';
import { RawClient } from './support/raw-client';
import { digestOf, patternBytes, TestServer } from './support/test-server';

const SOON = { everyMs: 2 } as const;
const ERROR = new Error('as planned');

describe('a call in the shape of node:http2', () => {
  let use: (call: NodeStream, stream: ServerStream) => void;
  let call: NodeStream;
  const events: string[] = [];
  const house = new TestServer(
    {},
    {
      '/node': (stream) => {
        call = new NodeStream(stream);
        for (const event of ['end', 'finish', 'close', 'error', 'wantTrailers'])
          call.on(event, () => events.push(event));
        use(call, stream);
      },
      // Another reads first, and hands over at the first piece that it does not want.
      '/later': (stream) => {
        const before: Buffer[] = [];
        stream.read({
          data: (piece) => {
            stream.take(piece.byteLength);
            before.push(piece);
            if (before.length === 2) use((call = new NodeStream(stream, before)), stream);
          },
          end: () => use((call = new NodeStream(stream, before)), stream),
          closed: () => undefined,
        });
      },
    },
  );
  let client: RawClient;

  beforeAll(() => house.listen());
  beforeEach(async () => {
    events.length = 0;
    client = await RawClient.open(house.port);
  });
  afterEach(() => client.close());
  afterAll(async () => {
    await house.close();
    expect(house.faults).toEqual([]);
  });

  const answerDigest = (came: NodeStream): void => {
    const pieces: Buffer[] = [];
    came.on('data', (piece: Buffer) => pieces.push(piece));
    came.on('end', () => {
      came.respond({ ':status': 200 });
      came.end(digestOf(...pieces));
    });
  };

  it.each<[name: string, code: number, end: (call: NodeStream) => void]>([
    ['with what it is closed with', CODE.REFUSED_STREAM, (each) => each.close(CODE.REFUSED_STREAM)],
    ['without an error', CODE.NO_ERROR, (each) => each.close()],
    ['as cancelled where it is destroyed', CODE.CANCEL, (each) => void each.destroy()],
    ['with an error where it is destroyed with one', CODE.INTERNAL_ERROR, (each) => void each.destroy(ERROR)],
  ])('ends %s', async (_name, code, end) => {
    use = end;
    client.write(opened(1, '/node'));
    expect(await client.resetOf(1)).toBe(code);
    await eventually(() => expect(events.at(-1)).toBe('close'), SOON);
    expect(call.rstCode).toBe(code);
    expect(await client.call('/take', 3)).toBe(digestOf());
  });

  it('answers with headers alone, or with what follows them, and with trailers where they are wanted', async () => {
    use = (each) => each.respond({ ':status': 204 }, { endStream: true });
    expect(await client.call('/node')).toBe('');
    use = (each) => {
      each.respond({ ':status': 200 });
      each.respond({ ':status': 500 });
      each.end('whole');
    };
    expect(await client.call('/node')).toBe('whole');
    use = (each) => {
      each.once('wantTrailers', () => each.sendTrailers({ 'grpc-status': 0, 'x-many': ['a', 'b'] }));
      each.respond({ ':status': 200 }, { waitForTrailers: true });
      each.write('one');
      each.end('two');
    };
    expect(await client.call('/node')).toBe('onetwo');
    expect(client.blocks.map(({ fields }) => fields)).toEqual([
      [':status', '204'],
      [':status', '200'],
      [':status', '200'],
      ['grpc-status', '0', 'x-many', 'a', 'x-many', 'b'],
    ]);
    await eventually(() => expect(events.filter((each) => each === 'close')).toHaveLength(3), SOON);
    expect(events).not.toContain('error');
  });

  it('does not count headers as sent that cannot be', async () => {
    use = (each) => {
      expect(() => each.respond({ ':status': 200, 'x-broken': 'a\nb' })).toThrow('CR, LF or NUL');
      expect(each.headersSent).toBe(false);
      each.respond({ ':status': 500 }, { endStream: true });
    };
    await client.call('/node');
    expect(client.blocks[0]!.fields).toEqual([':status', '500']);
  });

  it('that the client resets is over: what was written is dropped, and no trailers are wanted', async () => {
    let written: unknown = 'not yet';
    use = (each) => {
      each.on('error', () => undefined);
      each.respond({ ':status': 200 }, { waitForTrailers: true });
      each.write(patternBytes(100_000));
      each.end(patternBytes(10), () => (written = 'ended'));
    };
    client.write(called(1, '/node'));
    await eventually(() => expect(client.bodyOf(1)).toHaveLength(65_535), SOON);
    client.write(resetStream(1, CODE.CANCEL));
    await eventually(() => expect(call.destroyed).toBe(true), SOON);
    // Of the window that is open again it gets nothing.
    client.write(windowUpdate(0, 100_000));
    expect(await client.call('/take', 3)).toBe(digestOf());
    expect(client.bodyOf(1)).toHaveLength(65_535);
    expect({ written, code: call.rstCode }).toEqual({ written: expect.anything(), code: CODE.CANCEL });
    expect(events).not.toContain('wantTrailers');
    expect(events).not.toContain('finish');
  });

  it('takes over from another reader, with what that has read', async () => {
    use = answerDigest;
    const body = patternBytes(200_000);
    client.write(opened(1, '/later'), data(1, body.subarray(0, 7)));
    for (let at = 7; at < body.byteLength; at += 10_000)
      client.write(data(1, body.subarray(at, at + 10_000)));
    client.write(data(1, '', FLAG.END_STREAM), opened(3, '/later'), data(3, 'abc', FLAG.END_STREAM));
    client.write(opened(5, '/later'), data(5, 'ab'), data(5, 'c', FLAG.END_STREAM));
    expect(await client.answerTo(1)).toBe(digestOf(body));
    expect(await client.answerTo(3)).toBe(digestOf(Buffer.from('abc')));
    expect(await client.answerTo(5)).toBe(digestOf(Buffer.from('abc')));
  });

  it('ends others, and answers them, when it ends', async () => {
    const others: ServerStream[] = [];
    use = (each, stream) => {
      if (others.push(stream) < 3) return;
      each.once('close', () => undefined);
      stream.read({
        data: () => undefined,
        end: () => undefined,
        closed: () => {
          others[0]!.respond(encodeHeaders({ ':status': 200 }), true);
          others[1]!.reset(CODE.REFUSED_STREAM);
          stream.respond(encodeHeaders({ ':status': 200 }), true);
          stream.write(Buffer.from('too late'));
          stream.reset(CODE.CANCEL);
        },
      });
    };
    client.write(initialWindow(10), called(1, '/node'), called(3, '/node'), called(5, '/node'));
    client.write(resetStream(5, CODE.CANCEL));
    expect(await client.answerTo(1)).toBe('');
    expect(await client.resetOf(3)).toBe(CODE.REFUSED_STREAM);
    expect(client.frames.filter(({ id }) => id === 5)).toEqual([]);
    // The same where all end at once.
    others.length = 0;
    client.write(called(7, '/node'), called(9, '/node'), called(11, '/node'));
    await eventually(() => expect(others).toHaveLength(3), SOON);
    client.write(windowUpdate(0, 0));
    expect(await client.goodbye()).toBe(CODE.PROTOCOL_ERROR);
    expect(client.frames.at(-1)!.type).toBe(FRAME.GOAWAY);
    await eventually(() => expect(others.every(({ isOver }) => isOver)).toBe(true), SOON);
  });
});
