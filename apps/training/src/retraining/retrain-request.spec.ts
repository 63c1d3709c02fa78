import { countMembers, explainRetrain, parseMembers, type RetrainRequest } from './retrain-request';

describe('rows of a window', () => {
  it('are counted once each, and only those of the window', () => {
    expect(countMembers(['p/0', 'p/1', null, 'q/0', 'p/1'], new Set(['p/0', 'p/1', 'p/2']))).toBe(2);
  });

  it('come from a JSON list of prediction rows and nothing else', () => {
    expect(parseMembers(Buffer.from('["p/0","p/1"]'))).toEqual(new Set(['p/0', 'p/1']));
    for (const bad of ['', '{', '{"p":1}', '[1]', 'null']) expect(parseMembers(Buffer.from(bad))).toBeNull();
  });
});

describe('a waiting request', () => {
  it('says what it waits for', () => {
    const request = { state: 'waiting_for_outcomes', labelledRows: 120, minimumRows: 200 } as RetrainRequest;
    expect(explainRetrain(request)).toBe(
      'Waits for outcomes: 120 of the 200 labelled rows of the window that it needs are in a dataset version.',
    );
  });
});
