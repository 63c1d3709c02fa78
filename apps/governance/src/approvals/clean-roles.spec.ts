import { cleanRoles } from './weigh-request';

const OPENED = '2026-03-01T00:00:00.000Z';
const excluded = [{ person: 'eve', because: 'started_run' }];
const changed = (changedBy: string, changedAt: string) => [{ role: 'reviewer', changedBy, changedAt }];
const before = '2026-02-01T00:00:00.000Z';

describe('roles of one’s own whose word counts', () => {
  it('count where clean hands wrote their rules before the request was opened', () => {
    expect(cleanRoles(['approver', 'reviewer'], changed('ada', before), excluded, OPENED)).toEqual([
      'approver',
      'reviewer',
    ]);
  });

  it('do not where somebody who stands behind the request wrote them, or since it was opened', () => {
    for (const version of [changed('eve', before), changed('ada', OPENED)])
      expect(cleanRoles(['approver', 'reviewer'], version, excluded, OPENED)).toEqual(['approver']);
  });
});
