import { requestColumns } from './predict-rows';
import { parseRow } from './verbs/predict';

const INPUTS = [
  { name: 'pirat', datatype: 'FP64' },
  { name: 'single', datatype: 'BYTES' },
  { name: 'owner', datatype: 'BOOL' },
];

describe('requestColumns', () => {
  it('sends the inputs of the model and what was asked for, never an identifier beside them', () => {
    const rows = [{ applicant: 'A-1', pirat: '0.31', single: 'yes', owner: 'true', afam: 'no', deny: 'no' }];
    expect(requestColumns(INPUTS, ['afam'], rows)).toEqual([
      { name: 'pirat', values: [0.31] },
      { name: 'single', values: ['yes'] },
      { name: 'owner', values: [1] },
      { name: 'afam', values: ['no'] },
    ]);
  });

  it('takes an empty number as missing and refuses what is none', () => {
    const row = { single: '', owner: 'false' };
    expect(requestColumns(INPUTS, [], [{ ...row, pirat: ' ' }])[0]?.values).toEqual([Number.NaN]);
    expect(() => requestColumns(INPUTS, [], [{ ...row, pirat: 'much' }])).toThrow(
      'Row 1: the input "pirat" takes a number',
    );
  });
});

describe('parseRow', () => {
  it('keeps what follows the first sign of equality', () => {
    expect(parseRow(['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' });
    expect(() => parseRow(['nothing'])).toThrow('no name=value');
  });
});
