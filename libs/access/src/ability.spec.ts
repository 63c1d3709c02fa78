import { allows, allowsSomewhere, buildAbility } from './ability';
import { Actions, Subjects, type Action, type Subject } from './actions';
import { BuiltInRoles, type BuiltInRole } from './built-in-roles';
import type { PolicyRole, PolicyRule } from './policy';

const roles = new Map<string, PolicyRole>(
  Object.entries(BuiltInRoles).map(([name, rules]) => [name, { name, version: 1, rules }]),
);
const abilityOf = (role: BuiltInRole, project: string | null = null) =>
  buildAbility([{ role, project }], roles, 'eve');
const may = (role: BuiltInRole, action: Action, subject: Subject): boolean =>
  allows(abilityOf(role), action, subject, { project: 'lending' });

const withRules = (...rules: PolicyRule[]) => new Map([['r', { name: 'r', version: 1, rules }]]);

describe('built-in roles', () => {
  const everyRole = Object.keys(BuiltInRoles) as BuiltInRole[];

  it('let nobody but the approver approve and waive', () => {
    for (const action of ['approve', 'waive'] as const) {
      expect(everyRole.filter((role) => may(role, action, 'ApprovalRequest'))).toEqual(['approver']);
    }
  });

  it('let nobody but the administrator touch users, roles, keys and policies', () => {
    for (const subject of ['User', 'Role', 'ApiKey', 'Policy'] as const) {
      for (const action of ['create', 'update', 'delete'] as const) {
        expect(everyRole.filter((role) => may(role, action, subject))).toEqual(['administrator']);
      }
    }
  });

  it('let the auditor read and verify everything, have reports made, and change nothing else', () => {
    for (const subject of Subjects.filter((one) => one !== 'all')) {
      const allowed = Actions.filter((action) => may('auditor', action, subject));
      expect(allowed.toSorted()).toEqual(
        subject === 'Report' ? ['create', 'read', 'verify'] : ['read', 'verify'],
      );
    }
  });

  it('let machines predict and report outcomes and little else', () => {
    expect(may('service', 'predict', 'Deployment')).toBe(true);
    expect(may('service', 'record', 'Outcome')).toBe(true);
    for (const subject of ['Run', 'Dataset', 'Quarantine', 'AuditEntry', 'Prediction'] as const) {
      expect(may('service', 'read', subject)).toBe(false);
    }
  });

  it('keep personal data of the quarantine from those who build models', () => {
    expect(may('data-engineer', 'read', 'Quarantine')).toBe(true);
    expect(may('ml-engineer', 'read', 'Quarantine')).toBe(false);
  });

  it('name only actions and subjects that exist', () => {
    for (const rule of Object.values(BuiltInRoles).flat()) {
      expect(Actions).toEqual(expect.arrayContaining([...rule.action]));
      expect(Subjects).toEqual(expect.arrayContaining([...rule.subject]));
    }
  });
});

describe('scopes', () => {
  it('holds a role bound in a project to that project', () => {
    const ability = abilityOf('ml-engineer', 'lending');
    expect(allows(ability, 'run', 'Pipeline', { project: 'lending' })).toBe(true);
    expect(allows(ability, 'run', 'Pipeline', { project: 'flights' })).toBe(false);
    expect(allows(ability, 'run', 'Pipeline', { project: null })).toBe(false);
    expect(allowsSomewhere(ability, 'run', 'Pipeline')).toBe(true);
    expect(allowsSomewhere(ability, 'approve', 'ApprovalRequest')).toBe(false);
  });

  it('lets a rule’s own word on the project not widen the binding', () => {
    const own = withRules({ action: ['read'], subject: ['Run'], conditions: { project: 'flights' } });
    const ability = buildAbility([{ role: 'r', project: 'lending' }], own, 'eve');
    expect(allows(ability, 'read', 'Run', { project: 'flights' })).toBe(false);
    expect(allows(ability, 'read', 'Run', { project: 'lending' })).toBe(false);
  });

  it('gives an unknown role nothing', () => {
    const ability = buildAbility([{ role: 'no-such-role', project: null }], roles, 'eve');
    expect(Subjects.some((subject) => allows(ability, 'read', subject, { project: null }))).toBe(false);
  });
});

describe('rules', () => {
  it('compares by equality, $in and $ne', () => {
    const rule = {
      action: ['read'],
      subject: ['Model'],
      conditions: { stage: { $in: ['a', 'b'] }, owner: { $ne: 'x' }, kind: 'tree' },
    };
    const ability = buildAbility([{ role: 'r', project: null }], withRules(rule), 'eve');
    const model = { project: 'p', stage: 'a', owner: 'y', kind: 'tree' };
    expect(allows(ability, 'read', 'Model', model)).toBe(true);
    for (const change of [{ stage: 'c' }, { owner: 'x' }, { kind: 'line' }, { kind: undefined }]) {
      expect(allows(ability, 'read', 'Model', { ...model, ...change })).toBe(false);
    }
  });

  it('refuses an operator that it does not know rather than ignoring it', () => {
    const rule = { action: ['read'], subject: ['Model'], conditions: { name: { $regex: '(a+)+$' } } };
    expect(() => buildAbility([{ role: 'r', project: null }], withRules(rule), 'eve')).toThrow('$regex');
  });

  it('lets a prohibition win, whatever the order of the roles', () => {
    const both = new Map([
      ['no', { name: 'no', version: 1, rules: [{ action: ['read'], subject: ['Run'], inverted: true }] }],
      ['yes', { name: 'yes', version: 1, rules: [{ action: ['read'], subject: ['Run'] }] }],
    ]);
    for (const order of [
      ['no', 'yes'],
      ['yes', 'no'],
    ]) {
      const ability = buildAbility(
        order.map((role) => ({ role, project: null })),
        both,
        'eve',
      );
      expect(allows(ability, 'read', 'Run', { project: 'p' })).toBe(false);
    }
  });
});
