import { explainDecision, whatCounted } from './archive-files';

const prediction = '0192f0c1-0000-7000-8000-000000000000/0';
const decision = {
  prediction,
  decidedAt: '2026-05-05T00:00:00.000Z',
  model: 'approval',
  modelVersion: 3,
  score: 0.25,
  decision: 'no',
  outcome: null,
  askedBy: 'm-1',
};
const models = [
  {
    model: 'approval',
    version: 3,
    learner: 'logistic regression',
    inputs: 'income, single',
    decisionThreshold: 0.5,
    positive: 'yes',
    negative: 'no',
    favourable: 'yes',
    dataset: 'applications',
    datasetVersion: 2,
  },
];
const fact = (input: string, value: string | number | null, contribution: number) => ({
  prediction,
  input,
  value,
  contribution,
  base: -0.5,
  units: 'log_odds',
});

describe('what a data subject is told of a decision', () => {
  it('is how it came about', () => {
    expect(explainDecision(decision, models)).toContain('It computed a probability of 25.0 % for "yes".');
  });

  it('names the facts that counted, the strongest first, and whereto they moved it', () => {
    const facts = [
      fact('single', 'yes', 0.25),
      fact('income', 0.753086419753086, -1.5),
      fact('age', null, 0),
    ];
    expect(whatCounted(decision, models, facts, [])).toBe(
      'What counted most, in log-odds: income (0.753086) by 1.500 towards "no"; single (yes) by 0.250 towards "yes".',
    );
  });

  it('names no more than five, and speaks of the score where the classes are not known', () => {
    const facts = Array.from({ length: 8 }, (_, at) => ({
      ...fact(`f${at}`, at, (at - 4) / 10),
      units: 'probability',
    }));
    const told = whatCounted({ ...decision, modelVersion: 9 }, models, facts, []);
    expect(told.match(/ by /g)).toHaveLength(5);
    expect(told).toContain('in points of probability: f0 (0) by 0.400 towards a lower score;');
  });

  it('says why nothing can be said, and nothing where nobody was asked', () => {
    const why = 'What the model looked at is not kept.';
    expect(whatCounted(decision, models, [], [{ prediction, why }])).toBe(
      'What counted cannot be said: what the model looked at is not kept.',
    );
    expect(whatCounted(decision, models, [], [{ prediction: null, why }])).toBe('');
  });
});
