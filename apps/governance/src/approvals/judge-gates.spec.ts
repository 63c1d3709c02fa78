import { DEFAULT_POLICY } from './approval-policy';
import { failedGates, type Decision } from './approval-request';
import { judgeGates } from './judge-gates';

const judge = (figures: Record<string, number | null>, sensitiveInputs: string[] = []) =>
  judgeGates(DEFAULT_POLICY, { figures, sensitiveInputs });
const failed = (...args: Parameters<typeof judge>) => failedGates(judge(...args), []).map(({ gate }) => gate);

describe('judgeGates', () => {
  it('passes what meets the bounds exactly', () => {
    expect(failed({ auc: 0.7, demographicParityRatio: 0.8 })).toEqual([]);
  });

  it.each([
    [{ auc: 0.699, demographicParityRatio: 0.9 }, [], ['minimumAuc']],
    [{ auc: 0.9, demographicParityRatio: 0.799 }, [], ['demographicParityRatio']],
    [{ auc: 0.9, demographicParityRatio: 0.9 }, ['race'], ['noSensitiveInputs']],
    [{ auc: null, demographicParityRatio: null }, [], ['minimumAuc', 'demographicParityRatio']],
    [{}, ['race'], ['minimumAuc', 'demographicParityRatio', 'noSensitiveInputs']],
    [{ auc: Number.NaN, demographicParityRatio: 1 }, [], ['minimumAuc']],
  ])('fails %j with inputs %j at %j', (figures, inputs, gates) => {
    expect(failed(figures as Record<string, number | null>, inputs)).toEqual(gates);
  });

  it('says what is wrong', () => {
    const gates = judge({ auc: 0.65, demographicParityRatio: null }, ['race', 'sex']);
    expect(gates.map(({ message }) => message)).toEqual([
      'AUC on the hold-out is 0.650, below 0.7.',
      'Demographic parity ratio could not be measured: too little data.',
      'Sensitive columns are inputs: race, sex.',
    ]);
  });

  it('leaves out what the policy does not ask for', () => {
    const gates = { minimumAuc: null, minimumDemographicParityRatio: null, noSensitiveInputs: false };
    expect(judgeGates({ ...DEFAULT_POLICY, gates }, { figures: {}, sensitiveInputs: ['race'] })).toEqual([]);
  });

  it('is opened by a waiver of that gate alone', () => {
    const waiver = { kind: 'waive', gate: 'minimumAuc', person: 'p' } as Decision;
    const gates = judge({ auc: 0.1, demographicParityRatio: 0.1 });
    expect(failedGates(gates, [waiver]).map(({ gate }) => gate)).toEqual(['demographicParityRatio']);
  });
});
