import { packRules } from '@casl/ability/extra';
import { abilityOf, may, mayAnywhere } from './session';

describe('the ability of a session', () => {
  const ability = abilityOf(
    packRules([
      { action: ['read'], subject: ['Run', 'Model'], conditions: { project: 'lending' } },
      { action: ['update'], subject: ['ModelAlias'], conditions: { project: 'lending' } },
      { action: ['update'], subject: ['ModelAlias'], conditions: { alias: 'champion' }, inverted: true },
    ]),
  );

  it('holds in the project of the role alone', () => {
    expect(may(ability, 'read', 'Run', 'lending')).toBe(true);
    expect(may(ability, 'read', 'Run', 'other')).toBe(false);
    expect(may(ability, 'read', 'Run', null)).toBe(false);
    expect(mayAnywhere(ability, 'read', 'Run')).toBe(true);
    expect(mayAnywhere(ability, 'read', 'User')).toBe(false);
  });

  it('heeds conditions and prohibitions', () => {
    expect(may(ability, 'update', 'ModelAlias', 'lending', { alias: 'canary' })).toBe(true);
    expect(may(ability, 'update', 'ModelAlias', 'lending', { alias: 'champion' })).toBe(false);
  });
});
