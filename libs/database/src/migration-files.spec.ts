import { migrationSource } from './migration-files';

describe('migrationSource', () => {
  it('is the package, and the folder below migrations', () => {
    expect(migrationSource('/repo/apps/training/migrations')).toBe('training');
    expect(migrationSource('/repo/libs/messaging/migrations/service')).toBe('messaging/service');
  });

  it('refuses a folder elsewhere', () => {
    expect(() => migrationSource('/repo/apps/training')).toThrow('migrations');
  });
});
