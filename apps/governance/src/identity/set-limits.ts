import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { projectNotFound } from './change-project';
import { ApiKeyRepository, ProjectRepository, type ApiKey, type Project } from './identity.repository';
import { keyNotFound } from './revoke-api-key';

/** Says how much a key, or all callers of a project together, may ask inference for; null: nothing is said any more. */
@Injectable()
export class SetLimits {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly keys: ApiKeyRepository,
    private readonly projects: ProjectRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
  ) {}

  ofKey(caller: Caller, keyId: string, limits: CallLimits | null): Promise<ApiKey> {
    return this.database.transaction(async (unit) => {
      const key = await this.keys.limit(unit, keyId, limits);
      if (!key) throw keyNotFound(keyId);
      this.announce.apiKey(unit, caller, key);
      this.note(unit, caller, { kind: 'api-key', id: keyId }, key.project, limits);
      return key;
    });
  }

  ofProject(caller: Caller, name: string, limits: CallLimits | null): Promise<Project> {
    return this.database.transaction(async (unit) => {
      const project = await this.projects.change(unit, name, { limits });
      if (!project) throw projectNotFound(name);
      this.announce.project(unit, caller, project);
      this.note(unit, caller, { kind: 'project', id: name }, name, limits);
      return project;
    });
  }

  private note(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    object: { kind: 'api-key' | 'project'; id: string },
    project: string | null,
    limits: CallLimits | null,
  ): void {
    const action = `${object.kind}.${limits === null ? 'unlimit' : 'limit'}`;
    this.audit.record(unit, caller, { action, object, project, details: { ...limits } });
  }
}
