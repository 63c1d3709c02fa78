import { cellsOf } from './reference';

it('names the bins of numbers by their edges', () => {
  const cells = cellsOf({
    name: 'x',
    kind: 'numeric',
    edges: [1, 2.5],
    counts: [1, 2, 1],
    missing: 0,
    rows: 4,
  });
  expect(cells).toEqual([
    { label: 'below 1', count: 1, share: 0.25 },
    { label: '1 to 2.50', count: 2, share: 0.5 },
    { label: '2.50 or more', count: 1, share: 0.25 },
  ]);
  expect(cellsOf({ name: 'x', kind: 'numeric', edges: [], counts: [0], missing: 0, rows: 0 })).toEqual([
    { label: 'all', count: 0, share: 0 },
  ]);
});

it('leaves out an empty cell of others and shows missing values', () => {
  const column = { name: 'x', kind: 'categorical', categories: ['no', 'yes'], missing: 2, rows: 10 } as const;
  expect(cellsOf({ ...column, counts: [5, 3, 0] }).map(({ label }) => label)).toEqual([
    'no',
    'yes',
    'missing',
  ]);
  expect(cellsOf({ ...column, counts: [4, 3, 1] }).map(({ label }) => label)).toContain('other');
});
