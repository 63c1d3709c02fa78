import type { Engine } from '../engines/engine';
import { descriptor } from '../infer/descriptor.factory';
import { championAlone, drawn, type ServedDeployment, type ServedModel } from './served-deployment';
import { ServingTable } from './serving-table';

interface Made extends ServedModel {
  readonly closed: () => boolean;
}

function model(version: number): Made {
  let closed = false;
  const engine: Engine = {
    kind: 'scorer',
    score: () => new Float64Array(),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  const digest = String(version).repeat(64).slice(0, 64);
  return { project: 'p', descriptor: descriptor({ version, digest }), engine, closed: () => closed };
}

const NAME = 'p.approval';

describe('the serving table', () => {
  const [one, two, three] = [model(1), model(2), model(3)];
  const split: ServedDeployment = {
    ...championAlone(one),
    canary: { served: two, percent: 5, key: 'r/0', slowMs: null, compared: false },
    arms: [{ served: three, percent: 20 }],
    versions: new Map([one, two, three].map((served) => [served.descriptor.version, served])),
    labels: new Map([
      ['champion', 1],
      ['canary', 2],
      ['old', 9],
    ]),
  };
  const subjects = Array.from({ length: 20_000 }, (_, i) => `sub_${i}`);

  it('says of what it lacks that it may come, until everything has been tried', () => {
    const table = new ServingTable();
    table.loading = true;
    expect(() => table.require(NAME, undefined)).toThrow(
      expect.objectContaining({ code: 'INFERENCE.NOT_READY', kind: 'unavailable', retriable: true }),
    );
    table.loading = false;
    expect(() => table.require(NAME, undefined)).toThrow(
      expect.objectContaining({ code: 'INFERENCE.MODEL_NOT_SERVED', kind: 'not_found' }),
    );
  });

  it('gives each part its share, and a subject the same version each time', () => {
    const counts = new Map<string, number>();
    for (const subject of subjects) {
      const { role, served } = drawn(split, subject);
      expect(drawn(split, subject).served).toBe(served);
      counts.set(role, (counts.get(role) ?? 0) + 1);
    }
    const share = (role: string): number => (counts.get(role) ?? 0) / subjects.length;
    // Five standard deviations.
    expect(Math.abs(share('canary') - 0.05)).toBeLessThan(0.008);
    expect(Math.abs(share('arm') - 0.2)).toBeLessThan(0.015);
    expect(Math.abs(share('champion') - 0.75)).toBeLessThan(0.016);
  });

  it('keeps everybody who had the canary or an arm when the canary goes a step on', () => {
    const next = { ...split, canary: { ...split.canary!, percent: 50 } };
    for (const subject of subjects) {
      const { role } = drawn(split, subject);
      if (role !== 'champion') expect(drawn(next, subject).role).toBe(role);
    }
  });

  it('finds versions by number and label, and says what there is', () => {
    const table = new ServingTable();
    table.deploy(split);
    const at = (wanted: { version?: string; label?: string }) =>
      table.resolve(NAME, wanted).descriptor.version;
    expect(at({})).toBe(1);
    expect(at({ version: '3' })).toBe(3);
    expect(at({ label: 'canary' })).toBe(2);
    for (const wanted of [
      { version: '4' },
      { version: '1e0' },
      { version: '-1' },
      { label: 'old' },
      { label: 'x' },
    ]) {
      expect(() => at(wanted)).toThrow(/served/);
    }
    expect(table.route(NAME, { version: '2' }, () => 'x')).toMatchObject({ served: two, role: 'pinned' });
    expect(() => table.resolve('p.other', {})).toThrow('No approved version');
  });

  it('closes an engine that nothing uses any more, when its last request has ended', () => {
    const table = new ServingTable();
    const [old, canary, next] = [model(4), model(5), model(6)];
    table.deploy({ ...championAlone(old), canary: { ...split.canary!, served: canary } });
    table.enter(old);
    table.enter(old);
    table.deploy(championAlone(next));
    expect([old.closed(), canary.closed(), next.closed()]).toEqual([false, true, false]);
    table.leave(old);
    expect(old.closed()).toBe(false);
    table.leave(old);
    expect(old.closed()).toBe(true);
    table.enter(next);
    table.leave(next);
    expect(next.closed()).toBe(false);
    table.remove(NAME);
    expect(next.closed()).toBe(true);
    expect(table.names()).toEqual([]);
  });
});
