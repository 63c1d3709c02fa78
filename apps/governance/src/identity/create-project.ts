import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { ProjectRepository, type Project } from './identity.repository';

/** Makes a project: what roles are bound to and all work belongs to. */
@Injectable()
export class CreateProject {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly projects: ProjectRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async create(caller: Caller, name: string, tags: readonly string[] = []): Promise<Project> {
    const project: Project = {
      project: name,
      state: 'active',
      tags,
      objects: [],
      limits: null,
      createdBy: caller.principal.id,
      createdAt: this.clock.iso(),
    };
    await this.database.transaction(async (unit) => {
      if (!(await this.projects.add(unit, project)))
        throw errors.conflict('GOVERNANCE.PROJECT_EXISTS', `There is a project ${name} already.`);
      this.announce.project(unit, caller, project);
      this.audit.record(unit, caller, {
        action: 'project.create',
        object: { kind: 'project', id: name },
        project: name,
      });
    });
    return project;
  }
}
