import { withDefaults } from './limits';

describe('withDefaults', () => {
  it('fills in what was not said', () => {
    const { streams, keepaliveMs } = withDefaults({ streams: 7, keepaliveMs: undefined });
    expect({ streams, keepaliveMs }).toEqual({ streams: 7, keepaliveMs: 15_000 });
  });

  it('lets no window be narrower than what callers may send before they know of it', () => {
    expect(withDefaults({ streamBytes: 1, connectionBytes: 1 })).toMatchObject({
      streamBytes: 65_535,
      connectionBytes: 65_535,
    });
  });
});
