import { basisText, categoryText, contactText } from './purpose-words';

it('says the basis by article and name, and where there is none', () => {
  expect(basisText({ article: 'b', grounds: 'x' })).toBe('Art. 6(1)(b), contract');
  expect(basisText({ article: 'z', grounds: 'x' })).toBe('Art. 6(1)(z), unknown');
  expect(basisText(null)).toMatch(/nothing may be processed/);
});

it('says special categories with their condition, and whom to turn to', () => {
  const category = { category: 'racial-or-ethnic-origin', grounds: '' };
  expect(categoryText({ ...category, condition: 'g' })).toBe('racial or ethnic origin, Art. 9(2)(g)');
  expect(categoryText({ ...category, condition: null })).toMatch(/no condition/);
  expect(contactText({ name: 'Bank', contact: 'dpo@example.org' })).toBe('Bank, dpo@example.org');
  expect(contactText(null)).toBe('not named yet');
});
