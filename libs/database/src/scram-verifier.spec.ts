import { scramVerifier } from './scram-verifier';

describe('scramVerifier', () => {
  it('has the form that PostgreSQL stores, with a salt of its own each time', () => {
    const form = /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/;
    expect(scramVerifier('a-good-password')).toMatch(form);
    expect(scramVerifier('a-good-password')).not.toBe(scramVerifier('a-good-password'));
  });

  it.each(['short', 'with space 123', "quote'\n", 'ümlaut-password'])('refuses %p', (password) => {
    expect(() => scramVerifier(password)).toThrow(
      expect.objectContaining({ code: 'DATABASE.PASSWORD_INVALID' }),
    );
  });
});
