import { bindingText, withBinding, withoutBinding } from './people-answers';

const inLending = { role: 'approver', project: 'lending' };
const everywhere = { role: 'approver', project: null };

it('adds and takes away a binding', () => {
  expect(withBinding([inLending], everywhere)).toEqual([inLending, everywhere]);
  expect(withBinding([inLending], { ...inLending })).toEqual([inLending]);
  expect(withoutBinding([inLending, everywhere], inLending)).toEqual([everywhere]);
});

it('says where a role holds', () => {
  expect([inLending, everywhere].map(bindingText)).toEqual(['approver in lending', 'approver everywhere']);
});
