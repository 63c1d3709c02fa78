import { LogKey } from './log-key';
import { signDocument, verifyDocument } from './signed-document';

describe('a signed document', () => {
  const key = LogKey.generate('steward/audit');
  const kind = 'steward-erasure-certificate/1';
  const signed = signDocument(kind, { b: [1, 'x'], a: null }, key);

  it('holds whatever the order of its fields, also after JSON', () => {
    expect(() => verifyDocument(kind, signed, key.verifier)).not.toThrow();
    const again = JSON.parse(
      JSON.stringify({ ...signed, document: { a: null, b: [1, 'x'] } }),
    ) as typeof signed;
    expect(() => verifyDocument(kind, again, key.verifier)).not.toThrow();
  });

  it('does not hold where it was changed, for another kind, or under another key', () => {
    const changed = { ...signed, document: { b: [2, 'x'], a: null } };
    expect(() => verifyDocument(kind, changed, key.verifier)).toThrow('a part was changed');
    expect(() => verifyDocument('steward-report/1', signed, key.verifier)).toThrow('not signed with key');
    expect(() => verifyDocument(kind, signed, LogKey.generate('steward/audit').verifier)).toThrow(
      'not signed',
    );
  });
});
