import fc from 'fast-check';
import { jsonString } from './json-string';

describe('jsonString', () => {
  it('property: is what JSON.stringify makes', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.uuid(), fc.stringMatching(/^[\w./:-]*$/));
    fc.assert(fc.property(texts, (text) => expect(jsonString(text)).toBe(JSON.stringify(text))));
  });
});
