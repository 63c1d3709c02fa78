import {
  AppError,
  constantTimeEqual,
  ErrorKinds,
  errors,
  FixedClock,
  isDigest,
  isId,
  isName,
  isPseudonym,
  isRetriable,
  newId,
  newPseudonym,
  sha256,
} from './index';

describe('AppError', () => {
  it('is recognised by its brand, also when instanceof cannot', () => {
    const error = errors.notFound('TRAINING.RUN_NOT_FOUND', 'There is no such run.', {
      details: { run: '7' },
    });
    expect(AppError.is(error)).toBe(true);
    expect(AppError.is(new Error('plain'))).toBe(false);
    expect(AppError.is(null)).toBe(false);
    expect(error).toMatchObject({ kind: 'not_found', retriable: false, details: { run: '7' } });
  });

  it('is retriable by default only when something is unavailable', () => {
    const retriable = ErrorKinds.filter((kind) => new AppError({ code: 'X.Y', kind, message: '' }).retriable);
    expect(retriable).toEqual(['unavailable']);
    expect(isRetriable(Object.assign(new Error(), { retriable: true }))).toBe(true);
    expect(isRetriable(new Error())).toBe(false);
  });
});

describe('ids', () => {
  it('sorts by time and is a UUID of version 7', () => {
    const [early, late] = [newId(1_000), newId(2_000)];
    expect(early < late).toBe(true);
    expect(early[14]).toBe('7');
    expect(isId(early)).toBe(true);
    expect(isId('7')).toBe(false);
  });

  it('tells a pseudonym from an identifier', () => {
    expect(isPseudonym(newPseudonym())).toBe(true);
    expect(isPseudonym('jane@example.org')).toBe(false);
  });

  it('accepts names that are safe in a path', () => {
    expect(isName('lending-1')).toBe(true);
    for (const bad of ['', '..', 'a/b', 'A', '1a', 'a'.repeat(64)]) expect(isName(bad)).toBe(false);
  });
});

describe('digest', () => {
  it('matches the test vector of FIPS 180-2', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(isDigest(sha256(''))).toBe(true);
    expect(isDigest('abc')).toBe(false);
  });

  it('compares in constant time by content', () => {
    expect(constantTimeEqual('same', 'same')).toBe(true);
    expect(constantTimeEqual('same', 'sama')).toBe(false);
    expect(constantTimeEqual('same', 'longer')).toBe(false);
  });
});

describe('FixedClock', () => {
  it('moves only when told', () => {
    const clock = new FixedClock(0);
    clock.advance(1500);
    expect(clock.iso()).toBe('1970-01-01T00:00:01.500Z');
  });
});
