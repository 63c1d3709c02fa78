import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { SealedEvent } from '@steward/messaging';
import { BufferedLog } from './buffered-log';
import { EventBuffer } from './event-buffer';
import { FakeTelemetry, sealedEvent } from './fake-telemetry.factory';
import { Spool } from './spool';
import { SpoolFolders } from './spool-folders';

const SILENT = {
  written: () => undefined,
  refused: () => undefined,
  away: () => undefined,
  moved: () => undefined,
};
const keys = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `k-${from + i}`);

describe('the buffered prediction log', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'steward-spool-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const spoolIn = (name: string, maxBytes = 1e9): Spool =>
    new Spool(join(root, name), maxBytes, () => undefined);

  /** A process: what it accepts, and what it kept if it is killed here. */
  function processOn(bus: FakeTelemetry, name: string, memoryBytes = 20_000, spoolBytes = 1e9) {
    const spool = spoolIn(name, spoolBytes);
    const log = new BufferedLog(bus, new EventBuffer(spool, memoryBytes), SILENT);
    const producer = bus.sealed();
    return {
      spool,
      log,
      accept: (key: string, bytes?: number) => log.accept(sealedEvent(producer, key, bytes)),
    };
  }

  it('writes in the order accepted, in batches, without touching the disk', async () => {
    const bus = new FakeTelemetry();
    const { log, accept } = processOn(bus, 'a', 1e9);
    for (const key of keys(0, 4_200)) expect(accept(key)).toBe(true);
    await log.drained();
    expect(bus.written).toEqual(keys(0, 4_200));
    expect(bus.batches).toEqual([2_000, 2_000, 200]);
    expect(readdirSync(root)).toEqual([]);
  });

  it('keeps up where a thousand requests come between two looks at the bus', async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    class TurnAnAppend extends FakeTelemetry {
      override async send(events: readonly SealedEvent[]): Promise<void> {
        await turn();
        await super.send(events);
      }
    }
    const bus = new TurnAnAppend();
    const { log, spool, accept } = processOn(bus, 'a', 4_000_000);
    for (let from = 0; from < 40_000; from += 1_000) {
      for (const key of keys(from, from + 1_000)) accept(key);
      await turn();
      expect(spool.bytes).toBe(0);
    }
    await log.drained();
    expect(bus.written).toEqual(keys(0, 40_000));
  });

  it('loses nothing while the bus is away, and replays in the order accepted', async () => {
    const bus = new FakeTelemetry();
    bus.away = true;
    const { log, spool, accept } = processOn(bus, 'a');
    for (const key of keys(0, 3_000)) expect(accept(key)).toBe(true);
    expect(spool.bytes).toBeGreaterThan(100_000);
    await new Promise((resolve) => setImmediate(resolve));
    bus.away = false;
    // What comes while the old is being replayed stays behind it.
    for (const key of keys(3_000, 3_100)) accept(key);
    await log.drained();
    expect(bus.written).toEqual(keys(0, 3_100));
    expect(spool.bytes).toBe(0);
  });

  it('tells when the disk has more, and when it has nothing, without another event', async () => {
    const bus = new FakeTelemetry();
    bus.away = true;
    const spool = spoolIn('a');
    const bytes: number[] = [];
    const log = new BufferedLog(bus, new EventBuffer(spool, 1e9), {
      ...SILENT,
      moved: () => bytes.push(spool.bytes),
    });
    for (const key of keys(0, 10)) log.accept(sealedEvent(bus.sealed(), key));
    while (bytes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(bytes[0]).toBeGreaterThan(0);
    bus.away = false;
    await log.drained();
    expect(bytes.at(-1)).toBe(0);
  });

  it('sends again what may have been written, and readers see it once', async () => {
    const bus = new FakeTelemetry();
    bus.losesAnswers = true;
    const { log, accept } = processOn(bus, 'a');
    for (const key of keys(0, 700)) accept(key);
    while (bus.batches.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    bus.losesAnswers = false;
    await log.drained();
    expect(bus.batches.length).toBeGreaterThan(3);
    expect(bus.written).toEqual(keys(0, 700));
  });

  it('says so when memory and disk are full, and keeps what it took', async () => {
    const bus = new FakeTelemetry();
    bus.away = true;
    const { log, spool, accept } = processOn(bus, 'a', 10_000, 50_000);
    const taken = keys(0, 500).filter((key) => accept(key));
    expect(taken.length).toBeGreaterThan(50);
    expect(taken.length).toBeLessThan(500);
    expect(taken).toEqual(keys(0, taken.length));
    expect(spool.bytes).toBeLessThanOrEqual(50_000);
    bus.away = false;
    await log.drained();
    expect(bus.written).toEqual(taken);
    expect(accept('after')).toBe(true);
  });

  it('survives a killed process: another one adopts its folder and replays it, once', async () => {
    const bus = new FakeTelemetry();
    bus.away = true;
    const killed = processOn(bus, '999999-01890000-0000-7000-8000-000000000000', 0);
    // Without memory everything is on the disk at once.
    const producer = bus.sealed();
    expect(killed.spool.write(keys(0, 100).map((key) => sealedEvent(producer, key)))).toBe(100);
    const folders = new SpoolFolders(root, (pid) => pid !== 999_999);
    const [first, second] = [folders.adopt(), new SpoolFolders(root, () => true).adopt()];
    expect(first).toHaveLength(1);
    // The second finds a folder of its own number that it did not make: that of an earlier life of it.
    expect(second).toHaveLength(1);
    expect(new SpoolFolders(root, () => true).adopt()).toHaveLength(1);
    const [name] = readdirSync(root);
    bus.away = false;
    for (let life = 0; life < 2; life++) {
      const again = new BufferedLog(bus, new EventBuffer(spoolIn(name!), 0), SILENT);
      again.start();
      await again.drained();
    }
    expect(bus.written).toEqual(keys(0, 100));
  });

  it('leaves the folders of living processes alone', () => {
    mkdirSync(join(root, '4711-01890000-0000-7000-8000-000000000000'));
    expect(new SpoolFolders(root, () => true).adopt()).toEqual([]);
    const folders = new SpoolFolders(root, () => false);
    mkdirSync(folders.own());
    expect(folders.adopt()).toHaveLength(1);
  });

  it('keeps on the disk what waits at a stop, also what comes after it', async () => {
    const bus = new FakeTelemetry();
    bus.away = true;
    const { log, accept } = processOn(bus, 'a', 1e9);
    for (const key of keys(0, 50)) accept(key);
    await log.stop(10);
    accept('late');
    bus.away = false;
    const next = new BufferedLog(bus, new EventBuffer(spoolIn('a'), 0), SILENT);
    next.start();
    await next.drained();
    expect(bus.written).toEqual([...keys(0, 50), 'late']);
  });

  it('gives the memory of events back when they are written, once, and never while they are being sent', async () => {
    const bus = new FakeTelemetry();
    const held = new Set<string>();
    const spool = spoolIn('a');
    const sending: Pick<FakeTelemetry, 'send'> = {
      send: async (events) => {
        const keysOf = events.map(({ key }) => key);
        for (const key of keysOf) if (!spool.bytes) expect(held.has(key)).toBe(true);
        await new Promise((resolve) => setImmediate(resolve));
        for (const key of keysOf) if (!spool.bytes) expect(held.has(key)).toBe(true);
        await bus.send(events);
      },
    };
    const log = new BufferedLog(sending, new EventBuffer(spool, 1e9), SILENT);
    const producer = bus.sealed();
    const accept = (key: string) => {
      held.add(key);
      return log.accept({
        ...sealedEvent(producer, key),
        release: () => expect(held.delete(key)).toBe(true),
      });
    };
    for (const key of keys(0, 5_000)) expect(accept(key)).toBe(true);
    await log.drained();
    expect(held.size).toBe(0);
    bus.away = true;
    for (const key of keys(5_000, 5_100)) accept(key);
    while (spool.bytes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    bus.away = false;
    await log.drained();
    expect(bus.written).toEqual(keys(0, 5_100));
    // What went by the disk is somebody else's to find.
    expect(held.size).toBe(100);
  });

  it('reads up to what is damaged, and tells how much it cannot', () => {
    const bus = new FakeTelemetry();
    const producer = bus.sealed();
    spoolIn('a').write(keys(0, 10).map((key) => sealedEvent(producer, key)));
    const file = join(root, 'a', readdirSync(join(root, 'a'))[0]!);
    const read = (): { found: SealedEvent[]; damaged: number } => {
      let damaged = 0;
      const spool = new Spool(join(root, 'a'), 1e9, ({ bytes }) => (damaged += bytes));
      return { found: spool.peek(100), damaged };
    };
    const whole = readFileSync(file);
    truncateSync(file, statSync(file).size - 7);
    expect(read()).toMatchObject({ found: { length: 9 } });
    expect(read().damaged).toBeGreaterThan(0);
    whole[Math.floor(whole.length / 2)]! ^= 1;
    writeFileSync(file, whole);
    expect(read().found.length).toBeLessThan(6);
    expect(read().found.map(({ key }) => key)).toEqual(keys(0, read().found.length));
  });

  it('property: whatever comes, goes away and comes back, each event is written once and in its order', async () => {
    const acts = fc.array(
      fc.oneof(
        fc.constant('away'),
        fc.constant('back'),
        fc.constant('turn'),
        fc.integer({ min: 1, max: 80 }),
      ),
      {
        minLength: 3,
        maxLength: 25,
      },
    );
    await fc.assert(
      fc.asyncProperty(acts, fc.integer({ min: 0, max: 9 }), async (script, run) => {
        const bus = new FakeTelemetry();
        const { log, accept } = processOn(bus, `p-${run}-${Math.abs(script.length)}`, 5_000);
        const taken: string[] = [];
        for (const act of script) {
          if (act === 'turn') await new Promise((resolve) => setImmediate(resolve));
          else if (typeof act === 'string') bus.away = act === 'away';
          else for (const key of keys(taken.length, taken.length + act)) if (accept(key)) taken.push(key);
        }
        bus.away = false;
        await log.drained();
        expect(bus.written).toEqual(taken);
        rmSync(root, { recursive: true, force: true });
      }),
      { numRuns: 40 },
    );
  });
});
