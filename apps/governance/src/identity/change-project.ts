import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors, type AppError } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { ProjectRepository, type Project } from './identity.repository';

/** Sets a project's tags, archives it (it can then only be read), or opens it again. */
@Injectable()
export class ChangeProject {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly projects: ProjectRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
  ) {}

  async change(
    caller: Caller,
    name: string,
    change: Partial<Pick<Project, 'state' | 'tags'>>,
  ): Promise<Project> {
    return this.database.transaction(async (unit) => {
      const project = await this.projects.change(unit, name, change);
      if (!project) throw projectNotFound(name);
      this.announce.project(unit, caller, project);
      this.audit.record(unit, caller, {
        action: 'project.change',
        object: { kind: 'project', id: name },
        project: name,
        details: { state: project.state, tags: project.tags.join(',').slice(0, 100) || null },
      });
      return project;
    });
  }
}

export function projectNotFound(name: string): AppError {
  return errors.notFound('GOVERNANCE.PROJECT_NOT_FOUND', `There is no project ${name}.`);
}
