import { questionOf } from './simulator-question';

const empty = { person: '', project: '', field: '', value: '', role: '' };

it('says only what was said', () => {
  expect(questionOf({ ...empty, action: 'read', subject: 'Run' })).toEqual({
    action: 'read',
    subject: 'Run',
    object: {},
  });
});

it('tries a role in the project without keeping it', () => {
  expect(
    questionOf({
      person: 'mara',
      action: 'update',
      subject: 'ModelAlias',
      project: 'lending',
      field: 'alias',
      value: 'canary',
      role: 'approver',
    }),
  ).toEqual({
    principal: 'mara',
    action: 'update',
    subject: 'ModelAlias',
    object: { project: 'lending', alias: 'canary' },
    proposed: { bindings: [{ role: 'approver', project: 'lending' }] },
  });
});
