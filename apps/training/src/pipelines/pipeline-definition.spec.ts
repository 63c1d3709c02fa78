import { lendingContract, lendingPipeline } from '../experiment/lending.factory';
import { checkAgainstContract } from './check-against-contract';
import { parsePipelineDefinition, pipelineDigest } from './pipeline-definition';

const MINIMAL = {
  dataset: 'applications',
  model: 'approval',
  inputs: ['pirat'],
  learners: [{ kind: 'logistic' }],
};

describe('a pipeline definition', () => {
  it('gets its defaults, and its digest covers them', () => {
    const parsed = parsePipelineDefinition(MINIMAL);
    expect(parsed).toMatchObject({ metric: 'auc', folds: 5, holdOut: 0.2, seed: 0, alias: 'champion' });
    expect(parsed.learners[0]).toEqual({ kind: 'logistic', params: { c: 1, iterations: 100 } });
    const spelledOut = parsePipelineDefinition({ ...MINIMAL, holdOut: 0.2, folds: 5 });
    expect(pipelineDigest(spelledOut)).toBe(pipelineDigest(parsed));
    expect(pipelineDigest(parsePipelineDefinition({ ...MINIMAL, seed: 1 }))).not.toBe(pipelineDigest(parsed));
  });

  it.each([
    [{ ...MINIMAL, folds: 1 }, /"folds"/],
    [{ ...MINIMAL, model: 'Not A Name' }, /"model": must be lower-case/],
    [{ ...MINIMAL, inputs: ['pirat', 'pirat'] }, /The input pirat is listed twice/],
    [{ ...MINIMAL, colour: 'red' }, /unknown settings: colour/],
    [{ ...MINIMAL, learners: [{ kind: 'tarot' }] }, /"learners\.0\.kind"/],
    [{ ...MINIMAL, learners: [{ kind: 'gbm', params: { trees: 0 } }] }, /"learners\.0\.params\.trees"/],
    [{ ...MINIMAL, learners: [{ kind: 'gbm' }, { kind: 'gbm' }] }, /Two learners are the same/],
    ['a text', /The pipeline/],
    [null, /The pipeline/],
  ])('is refused with a sentence that names the fault: %j', (input, sentence) => {
    expect(() => parsePipelineDefinition(input)).toThrow(
      expect.objectContaining({ code: 'TRAINING.PIPELINE_INVALID' }),
    );
    expect(() => parsePipelineDefinition(input)).toThrow(sentence);
  });
});

describe('the check against the contract', () => {
  const contract = lendingContract();

  it('lets features in and names sensitive inputs', () => {
    expect(checkAgainstContract(lendingPipeline(), contract)).toEqual([]);
    expect(checkAgainstContract(lendingPipeline('pipeline-with-race.yaml'), contract)).toEqual(['afam']);
  });

  it.each([
    ['deny', 'Column deny is of class label'],
    ['applicant', 'Column applicant is of class identifier'],
    ['shoe-size', 'has no column shoe-size'],
  ])('refuses %s', (input, sentence) => {
    expect(() => checkAgainstContract({ ...lendingPipeline(), inputs: [input] }, contract)).toThrow(sentence);
  });
});
