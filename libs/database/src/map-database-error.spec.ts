import { errors } from '@steward/kernel';
import { isConnectionError, isContention, mapDatabaseError } from './map-database-error';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('mapDatabaseError', () => {
  it.each([
    coded('ECONNREFUSED'),
    coded('57P01'),
    coded('57P03'),
    coded('53300'),
    coded('08006'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new AggregateError([coded('ECONNREFUSED')]),
  ])('makes a server that is away retriable: %s', (error) => {
    expect(isConnectionError(error)).toBe(true);
    expect(mapDatabaseError(error)).toMatchObject({
      code: 'DATABASE.UNAVAILABLE',
      retriable: true,
      cause: error,
    });
  });

  it('makes what took too long retriable', () => {
    expect(mapDatabaseError(coded('57014'))).toMatchObject({ code: 'DATABASE.TIMEOUT', retriable: true });
  });

  it('leaves alone what the caller must understand', () => {
    const unique = coded('23505');
    expect(mapDatabaseError(unique)).toBe(unique);
    const own = errors.notFound('X.Y', 'There is none.');
    expect(mapDatabaseError(own)).toBe(own);
    expect(isConnectionError('text')).toBe(false);
  });

  it('knows what may be tried again at once', () => {
    expect([coded('40001'), coded('40P01'), coded('23505')].map(isContention)).toEqual([true, true, false]);
  });
});
