import type { SubjectProcessing, SubjectTerms } from '@steward/subjects';
import type { Tensor } from '../infer/tensor';
import { RequireSubjectsAllow } from './require-subjects-allow';

const terms = (inference: SubjectTerms['inference']): SubjectTerms => ({
  training: false,
  inference,
  because: ['restriction'],
});
const KNOWN: Record<string, SubjectTerms> = {
  restricted: terms('refused'),
  objecting: terms('person'),
  untrained: terms('allowed'),
};
const check = new RequireSubjectsAllow({ of: (name: string) => KNOWN[name] ?? null } as SubjectProcessing);
const rows = (...texts: string[]): Tensor[] => [
  { name: 'subject', datatype: 'BYTES', shape: [texts.length], texts } as unknown as Tensor,
];

describe('subjects who do not allow everything', () => {
  it('are refused, or need a person; whoever allows is answered', () => {
    expect(() => check.require([], undefined)).not.toThrow();
    expect(() => check.require([], 'anybody')).not.toThrow();
    expect(() => check.require(rows('anybody', 'untrained', ''), undefined)).not.toThrow();
    expect(() => check.require([], 'restricted')).toThrow('does not allow');
    expect(() => check.require([], 'objecting')).toThrow('have a person decide');
  });

  it('are named by their row, and never by their pseudonym', () => {
    try {
      check.require(rows('anybody', 'objecting', 'restricted', 'restricted'), undefined);
      throw new Error('It should have been refused.');
    } catch (error) {
      expect(error).toMatchObject({ code: 'INFERENCE.SUBJECT_REFUSED', details: { rows: [2, 3], count: 2 } });
      expect(String(error)).not.toContain('restricted');
    }
  });
});
