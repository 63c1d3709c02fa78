import {
  CompactRange,
  completeNodes,
  consistencyRanges,
  cosign,
  cosignedAt,
  foldNodes,
  hashLeaf,
  LogKey,
  signCheckpoint,
  VerifierKey,
  Witness,
  witnessRequest,
  type LeafRange,
  type WitnessedHead,
} from './index';

const LOG = LogKey.generate('steward/test');
const KEY = LogKey.generate('witness.test/w1', 'witness');
const NOW = 1_700_000_000;

/** The head of the first `size` of these leaves, signed. */
class Log {
  private readonly leaves: readonly Buffer[];

  constructor(
    leaves: readonly string[],
    private readonly key = LOG,
  ) {
    this.leaves = leaves.map((leaf) => hashLeaf(Buffer.from(leaf)));
  }

  note(size: number): string {
    const tree = new CompactRange();
    for (const leaf of this.leaves.slice(0, size)) tree.append(leaf);
    return signCheckpoint({ size, root: tree.root(), time: '2026-01-01T00:00:00.000Z' }, this.key);
  }

  request(from: number, to: number): string {
    const path = consistencyRanges(from, to).map((range) => this.hash(range));
    return witnessRequest(from, path, this.note(to));
  }

  private hash(range: LeafRange): Buffer {
    return foldNodes(
      completeNodes(range).map(({ level, index }) => {
        const tree = new CompactRange();
        for (const leaf of this.leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)) tree.append(leaf);
        return tree.root();
      }),
    );
  }
}

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('a witness', () => {
  let head: WitnessedHead | null;
  const ask = (body: string) =>
    new Witness(
      KEY,
      LOG.verifier,
      { load: () => head, save: (next) => (head = next) },
      () => NOW * 1000,
    ).addCheckpoint(body);

  beforeEach(() => (head = null));

  it('cosigns heads that continue one another, and remembers the last', () => {
    const log = new Log(LETTERS);
    for (const [from, to] of [
      [0, 3],
      [3, 3],
      [3, 4],
      [4, 7],
      [7, 8],
    ] as const) {
      const { status, body } = ask(log.request(from, to));
      expect(status).toBe(200);
      expect(cosignedAt(log.note(to) + body, KEY.verifier)).toBe(NOW);
      expect(head?.size).toBe(to);
    }
  });

  it('tells whoever does not know it how far it has seen', () => {
    const log = new Log(LETTERS);
    ask(log.request(0, 5));
    for (const [from, to] of [
      [0, 7],
      [3, 7],
      [6, 7],
    ] as const)
      expect(ask(log.request(from, to))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' });
    expect(head?.size).toBe(5);
  });

  it('cosigns no other history, of the same size or a larger one, and none that goes back', () => {
    ask(new Log(LETTERS).request(0, 5));
    const other = new Log(LETTERS.toReversed());
    expect(ask(other.request(5, 5)).status).toBe(409);
    expect(ask(other.request(5, 8)).status).toBe(422);
    expect(ask(new Log(LETTERS).request(3, 4)).status).toBe(409);
    expect(head?.size).toBe(5);
  });

  it('says what is wrong with a request', () => {
    const log = new Log(LETTERS);
    const good = log.request(0, 3);
    for (const bad of [
      '',
      'old 0\n',
      'old 00\n\n' + log.note(3),
      good.replace('old', 'new'),
      'old 9\n\nx\n\n',
    ])
      expect(ask(bad).status).toBe(400);
    expect(ask(witnessRequest(7, [], log.note(3))).status).toBe(400);
    expect(ask(new Log(LETTERS, LogKey.generate('steward/other')).request(0, 3)).status).toBe(404);
    expect(ask(new Log(LETTERS, LogKey.generate('steward/test')).request(0, 3)).status).toBe(403);
    expect(ask(good.replace('\n3\n', '\n4\n')).status).toBe(403);
    expect(head).toBeNull();
  });
});

describe('a cosignature', () => {
  const note = new Log(LETTERS).note(3);

  it('holds for its text, its time and its witness alone', () => {
    const line = cosign(note, KEY, NOW);
    expect(cosignedAt(note + line, KEY.verifier)).toBe(NOW);
    expect(cosignedAt(note, KEY.verifier)).toBeNull();
    expect(cosignedAt(new Log(LETTERS).note(4) + line, KEY.verifier)).toBeNull();
    const bytes = Buffer.from(line.split(' ')[2]!, 'base64');
    bytes[11]! ^= 1;
    const later = `\u2014 ${KEY.verifier.name} ${bytes.toString('base64')}\n`;
    expect(cosignedAt(note + later, KEY.verifier)).toBeNull();
    expect(cosignedAt(note + line, LogKey.generate(KEY.verifier.name, 'witness').verifier)).toBeNull();
  });

  it('is of another kind of key than the log’s own signature', () => {
    expect(VerifierKey.parse(KEY.verifier.text, 'witness').id).toBe(KEY.verifier.id);
    expect(() => VerifierKey.parse(KEY.verifier.text)).toThrow(/audit log/);
    expect(() => VerifierKey.parse(LOG.verifier.text, 'witness')).toThrow(/witness/);
    const samePem = LogKey.fromPem(LOG.verifier.name, LOG.toPem(), 'witness');
    expect(cosignedAt(note, samePem.verifier)).toBeNull();
  });
});
