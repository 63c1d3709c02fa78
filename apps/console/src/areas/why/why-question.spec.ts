import { Problem } from '../../api/problem';
import { explainBody, questionIn, whyAddress, whyPath } from './why-question';

const refused = (code: string, details: Record<string, unknown>) => new Problem(403, code, 'No.', details);

it('leads from a refusal to its reason, with what is known of the object', () => {
  const object = { project: 'lending', alias: 'champion', tags: ['a'] };
  const error = refused('ACCESS.FORBIDDEN', { action: 'update', subject: 'ModelAlias', object });
  expect(whyPath(error, 'u-1')).toBe(
    '/access/why?action=update&subject=ModelAlias&project=lending&person=u-1&alias=champion',
  );
  const hidden = refused('ACCESS.NOT_FOUND', { action: 'read', subject: 'User', object: { project: null } });
  expect(whyPath(hidden, null)).toBe('/access/why?action=read&subject=User');
});

it('leads nowhere from what roles did not decide', () => {
  const details = { action: 'read', subject: 'Run' };
  expect(whyPath(refused('GOVERNANCE.EXCLUDED', details), null)).toBeNull();
  expect(whyPath(refused('ACCESS.FORBIDDEN', {}), null)).toBeNull();
  expect(whyPath(new Error('away'), null)).toBeNull();
});

it('reads the question that it wrote', () => {
  const question = {
    action: 'update',
    subject: 'ModelAlias',
    project: 'lending',
    person: 'ada',
    fields: { alias: 'a&b' },
  };
  const read = questionIn(new URL(`http://x${whyAddress(question)}`).searchParams);
  expect(read).toEqual(question);
  expect(explainBody(read)).toEqual({
    principal: 'ada',
    action: 'update',
    subject: 'ModelAlias',
    object: { alias: 'a&b', project: 'lending' },
  });
  expect(explainBody({ ...question, project: '', person: '', fields: {} })).toEqual({
    action: 'update',
    subject: 'ModelAlias',
    object: { project: null },
  });
});
