import { countAgainst } from '../reference/bin-counts';
import { buildReference } from '../reference/build-reference';
import { judgeDrift } from './judge-drift';

/** A small generator with a fixed seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function draw(rows: number, singleShare: number, shift: number, next: () => number) {
  return {
    single: Array.from({ length: rows }, () => (next() < singleShare ? 'yes' : 'no')),
    ratio: Float64Array.from({ length: rows }, () => next() + next() + shift),
    score: Float64Array.from({ length: rows }, () => next()),
  };
}

const next = random(1);
const past = draw(1200, 0.2, 0, next);
const reference = buildReference([
  { kind: 'categorical', name: 'single', values: past.single },
  { kind: 'numeric', name: 'ratio', values: past.ratio },
  { kind: 'numeric', name: 'score', values: past.score },
]);

function window(rows: number, singleShare: number, shift = 0) {
  const counts = countAgainst(reference);
  for (const [name, values] of Object.entries(draw(rows, singleShare, shift, next)))
    counts.addAll(name, values);
  return counts;
}

describe('judgeDrift', () => {
  it('does not alarm on the population of the reference, 200 times', () => {
    for (let i = 0; i < 200; i++) expect(judgeDrift(reference, window(300, 0.2)).verdict).toBe('no_alert');
  });

  it('alarms on a large and proved shift, and names the shifted column first', () => {
    const report = judgeDrift(reference, window(300, 0.8));
    expect(report.verdict).toBe('alert');
    expect(report.columns.map(({ name, verdict }) => [name, verdict])[0]).toEqual(['single', 'alert']);
    const [single] = report.columns;
    expect(single!.psi).toBeGreaterThan(1);
    expect(single!.adjustedPValue).toBeCloseTo(3 * single!.chiSquare.pValue, 12);
    expect(single!.cells.map((cell) => cell.label)).toEqual(['no', 'yes', 'other', 'missing']);
    expect(single!.cells.reduce((sum, cell) => sum + cell.psiContribution, 0)).toBeCloseTo(single!.psi, 12);
    expect(single!.cells[1]!.currentShare).toBeGreaterThan(0.7);
  });

  it('does not alarm on a proved but small shift, nor on a large one that is not proved', () => {
    const proved = judgeDrift(reference, window(50_000, 0.3)).columns.find(({ name }) => name === 'single')!;
    expect(proved).toMatchObject({ verdict: 'no_alert' });
    expect(proved.adjustedPValue).toBeLessThan(0.001);
    const large = judgeDrift(reference, window(12, 0.9), { minimumRows: 10, columns: ['ratio'] });
    expect(large.columns[0]!.psi).toBeGreaterThan(0.2);
    expect(large.verdict).toBe('no_alert');
  });

  it('says not enough data below the minimum, whatever the counts say', () => {
    expect(judgeDrift(reference, window(199, 1, 5)).verdict).toBe('not_enough_data');
    expect(judgeDrift(reference, window(200, 1, 5)).verdict).toBe('alert');
    expect(judgeDrift(reference, countAgainst(reference)).verdict).toBe('not_enough_data');
  });

  it('sees values that went missing and new categories', () => {
    const counts = countAgainst(reference);
    counts.addAll(
      'ratio',
      Array.from({ length: 300 }, (_, i) => (i % 2 ? null : past.ratio[i])),
    );
    counts.addAll(
      'single',
      Array.from({ length: 300 }, (_, i) => (i % 3 ? 'unknown' : 'no')),
    );
    const report = judgeDrift(reference, counts);
    const worst = report.columns.slice(0, 2).map(({ name, verdict, cells }) => {
      const most = cells.toSorted((a, b) => b.psiContribution - a.psiContribution)[0]!;
      return [name, verdict, most.label];
    });
    expect(worst).toEqual([
      ['single', 'alert', 'other'],
      ['ratio', 'alert', 'missing'],
    ]);
    expect(report.columns[2]).toMatchObject({ name: 'score', verdict: 'not_enough_data' });
  });

  it('gives the same bytes however the stream was cut', () => {
    const rows = draw(300, 0.5, 0.2, next);
    const whole = countAgainst(reference);
    for (const [name, values] of Object.entries(rows)) whole.addAll(name, values);
    const cut = countAgainst(reference);
    for (let i = 299; i >= 0; i--) {
      const one = countAgainst(reference);
      for (const [name, values] of Object.entries(rows)) one.add(name, values[i]);
      cut.merge(one);
    }
    expect(JSON.stringify(judgeDrift(reference, cut))).toBe(JSON.stringify(judgeDrift(reference, whole)));
  });

  it('judges only the chosen columns, and refuses unknown ones, foreign counts and bad policies', () => {
    expect(judgeDrift(reference, window(300, 0.9), { columns: ['score'] }).verdict).toBe('no_alert');
    expect(() => judgeDrift(reference, window(300, 0.9), { columns: ['no'] })).toThrow(
      '\'policy.columns\' is "no"',
    );
    expect(() => judgeDrift(reference, window(300, 0.9), { significance: 2 })).toThrow(
      "'policy.significance' is 2",
    );
    const other = buildReference([{ kind: 'numeric', name: 'ratio', values: past.ratio }]);
    expect(() => judgeDrift(other, window(300, 0.9))).toThrow("'counts'");
  });
});
