import { causesByPerson } from './causes-by-person';

it('names each person once, with all the reasons', () => {
  expect(
    causesByPerson([
      { person: 'a', because: 'started-run' },
      { person: 'b', because: 'changed-monitor' },
      { person: 'a', because: 'changed-pipeline' },
    ]),
  ).toEqual([
    { person: 'a', causes: ['started-run', 'changed-pipeline'] },
    { person: 'b', causes: ['changed-monitor'] },
  ]);
});
