import { correctionsIn } from './corrections';

it('reads one correction a line', () => {
  expect(correctionsIn(' pirat = 0.31\n\nnote=a=b\nunemp =\nstray')).toEqual([
    { column: 'pirat', value: '0.31' },
    { column: 'note', value: 'a=b' },
    { column: 'unemp', value: null },
    { column: 'stray', value: null },
  ]);
});
