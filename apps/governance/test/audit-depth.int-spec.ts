import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import {
  CompactRange,
  cosignedAt,
  decodeEntries,
  hashLeaf,
  LogKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyExcerpt,
  VerifierKey,
  Witness,
  type WitnessedHead,
} from '@steward/audit-log';
import { eventually } from '@steward/testing';
import { register, type Gauge } from 'prom-client';
import request from 'supertest';
import { AuditHouse, entryOf, PROJECT } from './support/audit-house';

const ENTRIES = 700;
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** A witness as an HTTP server of its own; it forgets nothing while it lives. */
class WitnessServer {
  readonly key = LogKey.generate('witness.test/w1', 'witness');
  head: WitnessedHead | null = null;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly log: VerifierKey) {}

  get setting(): string {
    return `${this.key.verifier.text} http://127.0.0.1:${this.port}/`;
  }

  async start(): Promise<void> {
    const memory = { load: () => this.head, save: (head: WitnessedHead) => void (this.head = head) };
    const witness = new Witness(this.key, this.log, memory, () => Date.now());
    this.server = createServer((incoming, answer) => {
      void text(incoming).then((body) => {
        const {
          status,
          type,
          body: said,
        } = incoming.method === 'POST' && incoming.url === '/add-checkpoint'
          ? witness.addCheckpoint(body)
          : { status: 404, type: 'text/plain', body: '' };
        answer.writeHead(status, { 'content-type': type }).end(said);
      });
    });
    await new Promise<void>((resolve) => void this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe('the audit log for auditors', () => {
  let house: AuditHouse;
  let key: VerifierKey;
  let witness: WitnessServer;

  const get = (path: string, token = house.auditor) =>
    request(house.url).get(path).set('authorization', token);
  const raw = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`${house.url}${path}`, { headers: { authorization: house.auditor } });
    expect(answer.status).toBe(200);
    return buffer(answer.body!);
  };
  const head = async () => verifyCheckpoint((await raw('/v1/audit/tlog/checkpoint')).toString('utf8'), key);
  /** Appends entries about runs with these numbers, and waits until all that is appended is signed. */
  const append = async (from: number, count: number): Promise<void> => {
    await house.say(
      'training',
      Array.from({ length: count }, (_, n) => entryOf('training', from + n)),
    );
    await eventually(async () => {
      const [last] = await house.rows<{ index: string }>(
        'SELECT index FROM audit_entries WHERE object_id = $1',
        [`run-${from + count - 1}`],
      );
      expect(await house.signedSize()).toBeGreaterThan(Number(last?.index ?? Number.POSITIVE_INFINITY));
    });
  };

  beforeAll(async () => {
    house = await AuditHouse.open();
    await house.start();
    await append(0, ENTRIES);
    const { body } = await request(house.url).get('/v1/audit/public-key').expect(200);
    key = VerifierKey.parse((body as { publicKey: string }).publicKey);
    witness = new WitnessServer(key);
    await witness.start();
  });
  afterAll(async () => {
    await witness.stop();
    await house.close();
  });

  it('serves the log as tiles, from which anybody computes the signed root', async () => {
    const { size, root } = await head();
    expect(size).toBe(ENTRIES);
    const tree = new CompactRange();
    const leaves: Buffer[] = [];
    for (const [path, width] of [
      ['000', 256],
      ['001', 256],
      ['002.p/188', 188],
    ] as const) {
      const hashes = await raw(`/v1/audit/tlog/tile/0/${path}`);
      const entries = decodeEntries(await raw(`/v1/audit/tlog/tile/entries/${path}`));
      expect([hashes.length, entries.length]).toEqual([32 * width, width]);
      for (const [n, entry] of entries.entries()) {
        const leaf = hashes.subarray(32 * n, 32 * n + 32);
        expect(hashLeaf(entry).equals(leaf)).toBe(true);
        leaves.push(leaf);
        tree.append(leaf);
      }
    }
    expect(tree.root().equals(root)).toBe(true);
    const upper = await raw('/v1/audit/tlog/tile/1/000.p/2');
    for (const n of [0, 1]) {
      const full = new CompactRange();
      for (const leaf of leaves.slice(256 * n, 256 * (n + 1))) full.append(leaf);
      expect(upper.subarray(32 * n, 32 * n + 32).equals(full.root())).toBe(true);
    }
  });

  it('serves no tile beyond the signed head, none by another spelling, and none to who may not verify', async () => {
    for (const path of [
      '0/002',
      '0/003.p/1',
      '1/000.p/3',
      '0/002.p/189',
      '0/0',
      '9/000',
      'entries/x001/000',
      '..%2Fcheckpoint',
    ])
      await get(`/v1/audit/tlog/tile/${path}`).expect(404);
    await get('/v1/audit/tlog/tile/0/000', house.approver).expect(403);
    await get('/v1/audit/tlog/checkpoint', house.approver).expect(403);
    await request(house.url).get('/v1/audit/tlog/tile/entries/000').expect(401);
  });

  it('proves that any state continues any earlier one', async () => {
    for (const [from, to] of [
      [0, ENTRIES],
      [1, 2],
      [255, 256],
      [256, 513],
      [699, 700],
      [300, 300],
    ] as const) {
      const { body } = await get(`/v1/audit/consistency?from=${from}&to=${to}`).expect(200);
      const proof = body as { path: string[]; fromRoot: string; toRoot: string };
      const claim = {
        oldSize: from,
        newSize: to,
        oldRoot: bytes(proof.fromRoot),
        newRoot: bytes(proof.toRoot),
        path: proof.path.map(bytes),
      };
      expect(verifyConsistency(claim)).toBe(true);
      if (from > 0) expect(verifyConsistency({ ...claim, oldRoot: Buffer.alloc(32) })).toBe(false);
    }
    await get(`/v1/audit/consistency?from=5&to=${ENTRIES + 1}`).expect(400);
    await get('/v1/audit/consistency?from=5&to=4').expect(400);
  });

  it('gives chosen entries as an excerpt that is proved offline, and nobody those of other projects', async () => {
    await house.say('training', [
      entryOf('training', 10_001, { project: 'flights', action: 'alias.move' }),
      entryOf('training', 10_002, { action: 'alias.move' }),
    ]);
    await append(10_003, 1);
    const excerpt = async (query: string, token?: string): Promise<string> =>
      (
        await get(`/v1/audit/excerpt?${query}`, token)
          .buffer(true)
          .parse((response, done) => {
            const parts: Buffer[] = [];
            response.on('data', (part: Buffer) => parts.push(part));
            response.on('end', () => done(null, Buffer.concat(parts)));
          })
          .expect(200)
      ).body.toString('utf8') as string;
    const all = await excerpt('action=alias.move');
    expect(await verifyExcerpt([all], key)).toMatchObject({
      valid: true,
      entries: 2,
    });
    expect(await verifyExcerpt([all.replace('alias.move', 'alias.look')], key)).toMatchObject({
      valid: false,
      faults: [{ kind: 'changed' }],
    });
    const own = await excerpt('action=alias.move', house.approver);
    expect(own).not.toContain('flights');
    expect(await verifyExcerpt([own], key)).toMatchObject({ valid: true, entries: 1 });
    expect(await verifyExcerpt([await excerpt(`project=${PROJECT}`)], key)).toMatchObject({
      valid: true,
      entries: ENTRIES + 2,
    });
    await get('/v1/audit/excerpt?project=flights', house.approver).expect(404);
    await get('/v1/audit/excerpt', house.engineer).expect(403);
  });

  it('has its heads cosigned by a witness, goes on without it, and catches up when both were restarted', async () => {
    await house.stop();
    await house.start(witness.setting);
    const cosigned = async () => {
      const note = (await raw('/v1/audit/tlog/checkpoint')).toString('utf8');
      expect(cosignedAt(note, witness.key.verifier)).not.toBeNull();
      expect(verifyCheckpoint(note, key).size).toBe(witness.head?.size);
    };
    await eventually(cosigned);
    await append(20_000, 10);
    await eventually(cosigned);
    await witness.stop();
    await append(20_010, 5);
    await expect(cosigned()).rejects.toThrow();
    await house.stop();
    await witness.start();
    await house.start(witness.setting);
    await eventually(cosigned);
  });

  it('tells when the witness has seen more than the log holds, and keeps on serving', async () => {
    witness.head = { size: ENTRIES + 1_000, root: Buffer.alloc(32, 1) };
    await append(20_015, 1);
    const lag = register.getSingleMetric('steward_governance_audit_witness_lag_entries') as Gauge;
    await eventually(async () => expect((await lag.get()).values[0]?.value).toBeLessThan(0));
    await get('/v1/audit/head').expect(200);
  });

  it.each([
    'nonsense',
    'w+00000000+AAAA http://127.0.0.1/',
    `${LogKey.generate('w', 'witness').verifier.text} ftp://x/`,
  ])('does not start with the witness %s', async (setting) => {
    await house.stop();
    await expect(house.start(setting)).rejects.toMatchObject({ code: expect.stringMatching(/^AUDIT\.BAD_/) });
  });
});
