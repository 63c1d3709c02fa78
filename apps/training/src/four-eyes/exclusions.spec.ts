import { exclusionsOf, type GovernedChange } from './exclusions';

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const change = (
  kind: GovernedChange['kind'],
  name: string,
  person: string,
  minute: number,
): GovernedChange => ({
  kind,
  name,
  person,
  at: at(minute),
});

describe('four eyes', () => {
  const history = [
    change('pipeline', 'p', 'ann', 1),
    change('pipeline', 'p', 'bob', 5),
    change('contract', 'd', 'cid', 2),
    change('monitor', 'm1', 'dan', 3),
    change('monitor', 'm2', 'eve', 4),
    change('monitor', 'm2', 'dan', 9),
  ];

  it('excludes everybody who ever changed anything while nothing was approved yet', () => {
    expect(exclusionsOf('fay', history, null)).toEqual([
      { person: 'cid', because: 'changed_contract' },
      { person: 'dan', because: 'changed_monitor' },
      { person: 'eve', because: 'changed_monitor' },
      { person: 'ann', because: 'changed_pipeline' },
      { person: 'bob', because: 'changed_pipeline' },
      { person: 'fay', because: 'started_run' },
    ]);
  });

  it('excludes, after an approval, who changed each thing last, and who changed any since', () => {
    const people = (minute: number) => [
      ...new Set(exclusionsOf('fay', history, at(minute)).map(({ person }) => person)),
    ];
    // Since minute 4: eve (4), bob (5), dan (9); last ever: bob, cid, dan.
    expect(people(4)).toEqual(['cid', 'dan', 'eve', 'bob', 'fay']);
    // Later than all: the last of each.
    expect(people(30)).toEqual(['cid', 'dan', 'bob', 'fay']);
  });

  it('does not let somebody out by a change that another made just after him', () => {
    const covered = [...history, change('pipeline', 'p', 'gus', 6)];
    expect(exclusionsOf('fay', covered, at(4)).map(({ person }) => person)).toContain('bob');
  });

  it('names nobody as starter where a service is at the root', () => {
    expect(exclusionsOf(null, [], null)).toEqual([]);
  });
});
