import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompactRange,
  cosignedAt,
  hashLeaf,
  LogKey,
  signCheckpoint,
  Witness,
  witnessRequest,
} from '@steward/audit-log';
import { WitnessFolder } from './witness-folder';
import { WitnessServer } from './witness-server';

const LOG = LogKey.generate('steward/test');
const NAME = 'witness.test/w1';

function noteOf(...leaves: string[]): string {
  const tree = new CompactRange();
  for (const leaf of leaves) tree.append(hashLeaf(Buffer.from(leaf)));
  return signCheckpoint({ size: tree.size, root: tree.root(), time: '2026-01-01T00:00:00.000Z' }, LOG);
}

describe('the witness of the command line', () => {
  let folder: string;
  let server: WitnessServer;
  let port: number;

  const start = async (): Promise<WitnessFolder> => {
    const memory = new WitnessFolder(join(folder, 'w'), NAME);
    server = new WitnessServer(new Witness(memory.key, LOG.verifier, memory, Date.now), () => undefined);
    port = await server.listen('127.0.0.1', 0);
    return memory;
  };
  const ask = (body: string, path = '/add-checkpoint') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'steward-witness-'))));
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('cosigns, and after a restart still knows what, with the same key', async () => {
    const memory = await start();
    const note = noteOf('a');
    const answer = await ask(witnessRequest(0, [], note));
    expect(answer.status).toBe(200);
    expect(cosignedAt(note + (await answer.text()), memory.key.verifier)).not.toBeNull();
    expect(statSync(join(folder, 'w', 'witness.pem')).mode & 0o777).toBe(0o600);
    await server.close();
    const again = await start();
    expect(again.key.verifier.text).toBe(memory.key.verifier.text);
    const other = await ask(witnessRequest(0, [], noteOf('x')));
    expect([other.status, other.headers.get('content-type'), await other.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '1\n',
    ]);
  });

  it('cosigns nothing where its memory is damaged', async () => {
    await start();
    await ask(witnessRequest(0, [], noteOf('a')));
    const file = join(folder, 'w', 'head');
    expect(readFileSync(file, 'utf8')).toMatch(/^1 [0-9a-f]{64}\n$/);
    writeFileSync(file, 'nonsense');
    expect((await ask(witnessRequest(0, [], noteOf('a', 'b')))).status).toBe(500);
    expect(readFileSync(file, 'utf8')).toBe('nonsense');
  });

  it('answers nothing else, and nothing without an end', async () => {
    await start();
    expect((await ask('', '/')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/add-checkpoint`)).status).toBe(404);
    expect((await ask('nonsense')).status).toBe(400);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const endless = request(
        { port, host: '127.0.0.1', method: 'POST', path: '/add-checkpoint' },
        (answer) => {
          resolve(answer.statusCode);
          endless.destroy();
        },
      );
      endless.on('error', reject);
      endless.write(Buffer.alloc(100_000));
    });
    expect(status).toBe(413);
  });
});
