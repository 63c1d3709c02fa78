import { conditionText, matrixOf } from './role-answers';

it('says conditions in words', () => {
  expect(conditionText({ alias: { $ne: 'champion' }, project: 'lending' })).toBe(
    'alias is not champion and project is lending',
  );
  expect(conditionText({ tag: { $in: ['a', 'b'] } })).toBe('tag is one of a, b');
  expect(conditionText()).toBe('');
});

it('cuts one subject out of the matrix, without actions that nobody may do', () => {
  const cell = (action: string, subject: string, allowed: 'yes' | 'no' | 'conditional') => ({
    action,
    subject,
    allowed,
  });
  const found = matrixOf(
    {
      actions: ['read', 'update', 'run'],
      subjects: ['Model', 'Run'],
      roles: [
        {
          role: 'a',
          cells: [cell('read', 'Model', 'yes'), cell('update', 'Model', 'no'), cell('run', 'Run', 'yes')],
        },
        { role: 'b', cells: [cell('read', 'Model', 'no'), cell('update', 'Model', 'conditional')] },
      ],
    },
    'Model',
  );
  expect(found.actions).toEqual(['read', 'update']);
  expect(found.rows.map(({ role, allowed }) => [role, allowed.get('update')])).toEqual([
    ['a', 'no'],
    ['b', 'conditional'],
  ]);
});
