import { Problem } from '../../api/problem';
import { faultsByRule, previewRows } from './role-preview';

it('puts each sentence at its rule', () => {
  const faults = ['Rule 2: there is no action fly.', 'Rule 2: it names no subject.', 'The name is too long.'];
  const found = faultsByRule(new Problem(400, 'GOVERNANCE.ROLE_INVALID', 'No.', { faults }));
  expect(found.get(1)).toEqual(['There is no action fly.', 'It names no subject.']);
  expect(found.get(null)).toEqual(['The name is too long.']);
  expect(faultsByRule(new Error('away')).size).toBe(0);
  expect(faultsByRule(new Problem(400, 'X', 'No.', { faults: 'none' })).size).toBe(0);
});

it('names the kinds of objects to which anything may be done', () => {
  const cell = (action: string, subject: string, allowed: 'yes' | 'no' | 'conditional') => ({
    action,
    subject,
    allowed,
  });
  const cells = [
    cell('read', 'Run', 'yes'),
    cell('update', 'Run', 'conditional'),
    cell('read', 'Model', 'no'),
  ];
  const matrix = { actions: ['read', 'update'], subjects: ['Run', 'Model'], roles: [{ role: 'a', cells }] };
  expect(previewRows(matrix)).toEqual([{ subject: 'Run', always: ['read'], sometimes: ['update'] }]);
});
