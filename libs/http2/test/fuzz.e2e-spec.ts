import { eventually } from '@steward/testing';
import { encodeHeaders, NodeStream, type ServerStream } from '../src';
import { CODE } from '../src/frames';
import { attack, Random, spoiled } from './support/hostile-client';
import { NodeClient } from './support/node-client';
import { digestOf, patternBytes, TestServer } from './support/test-server';

const SEED = Number(process.env.STEWARD_HTTP2_FUZZ_SEED ?? 5);
const CASES = Number(process.env.STEWARD_HTTP2_FUZZ_CASES ?? 2_000);
const AT_A_TIME = 20;
const OK = encodeHeaders({ ':status': 200 });
const PATHS = [
  '/take',
  '/hold',
  '/give/0',
  '/give/300',
  '/give/200000',
  '/refuse',
  '/echo',
  '/late',
  '/nothing',
];

describe(`connections that say anything (seed ${SEED}, ${CASES} of them)`, () => {
  const calls: NodeStream[] = [];

  function echo(stream: ServerStream): void {
    const call = new NodeStream(stream);
    calls.push(call);
    call.on('error', () => undefined);
    call.respond({ ':status': 200 });
    call.pipe(call);
  }

  /** Answers when others may have changed everything. */
  function late(stream: ServerStream): void {
    stream.read({
      data: ({ byteLength }) => stream.take(byteLength),
      end: () => undefined,
      closed: () => undefined,
    });
    setImmediate(() => {
      stream.respond(OK, false);
      stream.write(patternBytes(70_000), () => stream.write(patternBytes(10), () => stream.finish(OK)));
    });
  }

  const house = new TestServer({}, { '/echo': echo, '/late': late });
  let client: NodeClient;
  beforeAll(async () => {
    await house.listen();
    client = await NodeClient.open(`http://127.0.0.1:${house.port}`);
  });
  afterAll(async () => {
    await client.close();
    await house.close();
    expect(house.faults).toEqual([]);
  });

  it('harm nobody else, and nothing is left of them', async () => {
    let answered = 0;
    let over = false;
    const isGoing = (): boolean => !over;
    const behaved = (async () => {
      for (; isGoing(); answered += 1) {
        const body = patternBytes(100 * (answered % 1_000), answered);
        const answer = await client.call(answered % 2 === 0 ? '/take' : '/echo', body);
        const expected = answered % 2 === 0 ? digestOf(body) : body.toString('latin1');
        expect({ ...answer, body: answer.body.toString('latin1') }).toMatchObject({
          status: 200,
          error: null,
          body: expected,
        });
      }
    })();
    let next = 0;
    const attackers = Array.from({ length: AT_A_TIME }, async () => {
      for (let at = next++; at < CASES; at = next++) {
        const random = new Random(SEED * 1_000_003 + at);
        await attack(house.port, spoiled(random, PATHS), random);
        if (house.faults.length > 0) throw new Error(`Case ${at} or one near it: ${String(house.faults[0])}`);
      }
    });
    await Promise.all(attackers);
    over = true;
    await behaved;
    await eventually(() => expect(house.size).toBe(1));
    expect(answered).toBeGreaterThan(CASES / 50);
    for (const { code } of [...house.taken, ...house.held]) expect(code).not.toBeNull();
    expect(calls.filter(({ destroyed }) => !destroyed)).toEqual([]);
    // They went different ways, and none of them into the server's insides.
    const codes = new Set(house.goodbyes);
    expect(codes).not.toContain(CODE.INTERNAL_ERROR);
    for (const code of [CODE.NO_ERROR, CODE.PROTOCOL_ERROR, CODE.FRAME_SIZE_ERROR, CODE.COMPRESSION_ERROR])
      expect(codes).toContain(code);
  });
});
