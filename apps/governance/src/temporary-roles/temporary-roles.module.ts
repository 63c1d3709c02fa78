import { Global, Module } from '@nestjs/common';
import { PgTemporaryRoleRepository } from './pg-temporary-role.repository';
import { TemporaryRoleRepository } from './temporary-role.repository';

const roles = { provide: TemporaryRoleRepository, useClass: PgTemporaryRoleRepository };

/** Roles for a time. Global: identity publishes them, delegation and emergency access give them. */
@Global()
@Module({ providers: [roles], exports: [roles] })
export class TemporaryRolesModule {}
