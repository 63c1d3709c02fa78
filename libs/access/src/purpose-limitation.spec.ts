import type { PolicyProcessing, ProcessingBinding } from './policy';
import type { PolicyCache } from './policy-cache';
import { PurposeLimitation, purposeRefusal } from './purpose-limitation';

const state = (purposeRequired: boolean, ...bindings: ProcessingBinding[]): PolicyProcessing => ({
  project: 'lending',
  purposeRequired,
  bindings,
});
const bound = (
  kind: ProcessingBinding['kind'],
  purposes: string[],
  refusal: string | null = null,
): ProcessingBinding => ({ kind, name: 'it', purposes, refusal });
const USES = [
  { kind: 'dataset', name: 'it' },
  { kind: 'pipeline', name: 'it' },
  { kind: 'model', name: 'it', required: false },
] as const;
const code = (given: PolicyProcessing | undefined): string | null =>
  purposeRefusal(given, USES)?.code ?? null;

describe('purposeRefusal', () => {
  it('lets everything pass where nobody has said anything', () => {
    expect(code(undefined)).toBeNull();
    expect(code(state(false))).toBeNull();
  });

  it('refuses what is bound to no purpose where the project requires one', () => {
    expect(code(state(true))).toBe('NO_PURPOSE');
    expect(code(state(true, bound('dataset', ['credit'])))).toBe('NO_PURPOSE');
    expect(code(state(true, bound('dataset', ['credit']), bound('pipeline', [])))).toBe('NO_PURPOSE');
    expect(code(state(true, bound('dataset', ['credit']), bound('pipeline', ['credit'])))).toBeNull();
  });

  it('refuses what is bound to a purpose without a basis, whether the project requires one or not', () => {
    expect(code(state(false, bound('model', ['credit'], 'NO_LAWFUL_BASIS')))).toBe('NO_LAWFUL_BASIS');
    expect(code(state(true, bound('dataset', ['credit'], 'RETIRED')))).toBe('RETIRED');
  });

  it('refuses a purpose that the source was not collected for', () => {
    const both = bound('dataset', ['credit', 'research']);
    expect(code(state(false, both, bound('pipeline', ['credit'])))).toBeNull();
    expect(code(state(false, both, bound('pipeline', ['marketing'])))).toBe('OTHER_PURPOSE');
    expect(code(state(false, both, bound('pipeline', ['credit']), bound('model', ['research'])))).toBe(
      'OTHER_PURPOSE',
    );
  });
});

describe('PurposeLimitation', () => {
  it('says what is wrong and with what', () => {
    const cache = {
      current: { processing: new Map([['lending', state(false, bound('model', ['x'], 'NO_LAWFUL_BASIS'))]]) },
    } as unknown as PolicyCache;
    const purposes = new PurposeLimitation(cache);
    expect(() => purposes.require('lending', USES)).toThrow(
      expect.objectContaining({
        code: 'ACCESS.PURPOSE_NO_LAWFUL_BASIS',
        details: { kind: 'model', name: 'it' },
      }) as Error,
    );
    expect(() => purposes.require('elsewhere', USES)).not.toThrow();
  });
});
