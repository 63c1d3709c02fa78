import { Injectable } from '@nestjs/common';
import { BuiltInRoles, type PolicyRule } from '@steward/access';
import type { Role } from './role';
import { RoleRepository } from './role.repository';

/** True for a role that comes with the software. */
export const isBuiltIn = (role: string): boolean => Object.hasOwn(BuiltInRoles, role);

/** All roles that can be given: built-in ones first, then the installation's own, by name. */
@Injectable()
export class ReadRoles {
  constructor(private readonly roles: RoleRepository) {}

  async list(): Promise<Role[]> {
    const totp = await this.roles.requiringTotp();
    const builtIn = Object.entries(BuiltInRoles).map(([role, rules]): Role => ({
      role,
      builtIn: true,
      version: null,
      description: '',
      rules: rules as readonly PolicyRule[],
      requiresTotp: totp.has(role),
      changedBy: null,
      changedAt: null,
    }));
    const own = (await this.roles.newest())
      .filter(({ state, role }) => state === 'active' && !isBuiltIn(role))
      .map(({ state: _state, ...role }): Role => ({
        ...role,
        builtIn: false,
        requiresTotp: totp.has(role.role),
      }));
    return [...builtIn, ...own];
  }

  async find(role: string): Promise<Role | null> {
    return (await this.list()).find((each) => each.role === role) ?? null;
  }
}
