import { newRecipient, openSealed, sealFor } from './sealed-part';

describe('a sealed part', () => {
  const recipient = newRecipient();
  const plain = Buffer.from('what is held on somebody');

  it('is opened by its recipient alone, under its own name', () => {
    const sealed = sealFor(recipient.publicKey, plain, 'subjects/parts/1/ingestion');
    expect(sealed.includes(plain)).toBe(false);
    expect(openSealed(recipient, sealed, 'subjects/parts/1/ingestion')).toEqual(plain);
    expect(() => openSealed(recipient, sealed, 'subjects/parts/2/ingestion')).toThrow('damaged');
    expect(() => openSealed(newRecipient(), sealed, 'subjects/parts/1/ingestion')).toThrow('damaged');
  });

  it('is refused where any byte of it was changed', () => {
    const sealed = sealFor(recipient.publicKey, plain, 'x');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 0x40;
      expect(() => openSealed(recipient, changed, 'x')).toThrow('damaged');
    }
    expect(() => openSealed(recipient, sealed.subarray(0, 40), 'x')).toThrow('damaged');
    expect(() => sealFor('c2hvcnQ=', plain, 'x')).toThrow('32 bytes');
  });
});
