import { draftFaults, draftsOf, fieldsFor, isOwnOnly, NEW_RULE, ownOnly, rulesOf } from './draft-rules';

const RULES = [
  { action: ['read'], subject: ['Run', 'Model'] },
  {
    action: ['update'],
    subject: ['ModelAlias'],
    conditions: { alias: { $ne: 'champion' }, project: 'lending', tags: { $in: ['a', 'b'] } },
  },
  { action: ['delete'], subject: ['Run'], conditions: { createdBy: '$self' }, inverted: true },
];

it('takes rules apart into rows and puts the same rules together', () => {
  expect(rulesOf(draftsOf(RULES))).toEqual(RULES);
  expect(draftsOf(RULES)[1]?.conditions).toEqual([
    { field: 'alias', operator: '$ne', values: ['champion'] },
    { field: 'project', operator: '$eq', values: ['lending'] },
    { field: 'tags', operator: '$in', values: ['a', 'b'] },
  ]);
});

it('keeps both of two conditions on one field', () => {
  const conditions = { tags: { $eq: 'open', $ne: 'secret' } };
  const rules = [{ action: ['read'], subject: ['Run'], conditions }];
  expect(rulesOf(draftsOf(rules))).toEqual(rules);
});

it('says what rows lack', () => {
  expect(draftFaults({ ...NEW_RULE, action: [] })).toEqual([
    'Choose at least one action.',
    'Choose at least one kind of object.',
  ]);
  const condition = { field: 'alias', operator: '$eq', values: [''] } as const;
  const rule = { ...NEW_RULE, subject: ['ModelAlias'] };
  expect(draftFaults({ ...rule, conditions: [condition] })).toEqual([
    'Say a value for the condition on alias, or take the condition away.',
  ]);
  const full = { ...condition, values: ['a'] };
  expect(draftFaults({ ...rule, conditions: [full, { ...full, field: '' }] })).toHaveLength(1);
  expect(draftFaults({ ...rule, conditions: [full, full] })[0]).toMatch(/Two conditions/);
  expect(draftFaults({ ...rule, conditions: [full] })).toEqual([]);
});

it('offers the fields that all chosen kinds of objects have', () => {
  const fields = { Run: ['project', 'pipeline', 'createdBy'], Model: ['project', 'model'] };
  expect(fieldsFor(['Run'], fields)).toEqual(['project', 'pipeline', 'createdBy']);
  expect(fieldsFor(['Run', 'Model'], fields)).toEqual(['project']);
  expect(fieldsFor(['Run', 'Nothing'], fields)).toEqual([]);
  expect(fieldsFor([], fields)).toEqual([]);
});

it('knows own objects only', () => {
  expect(isOwnOnly(ownOnly('$self'), '$self')).toBe(true);
  expect(isOwnOnly({ field: 'createdBy', operator: '$ne', values: ['$self'] }, '$self')).toBe(false);
});
