import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller, type TaggedObject } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { projectNotFound } from './change-project';
import { ProjectRepository, type Project } from './identity.repository';

/** A project travels whole in one event, which holds 256 KiB. */
const MOST_BYTES = 200_000;

/**
 * Gives a dataset, pipeline or model tags of its own, by which rules of roles tell it apart; none takes them away. It need
 * not be there yet: what is tagged before it is made is never seen without.
 */
@Injectable()
export class TagObject {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly projects: ProjectRepository,
    private readonly announce: AnnouncePolicy,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws GOVERNANCE.PROJECT_NOT_FOUND, GOVERNANCE.TAGS_TOO_MANY. */
  async execute(caller: Caller, name: string, object: TaggedObject): Promise<Project> {
    return this.database.transaction(async (unit) => {
      const held = await this.projects.lock(unit, name);
      if (!held) throw projectNotFound(name);
      const others = held.objects.filter((each) => each.kind !== object.kind || each.name !== object.name);
      const objects = object.tags.length === 0 ? others : [...others, object];
      if (Buffer.byteLength(JSON.stringify(objects)) > MOST_BYTES)
        throw errors.limit(
          'GOVERNANCE.TAGS_TOO_MANY',
          `The tags of this project's datasets, pipelines and models take ${MOST_BYTES} bytes at most. Take some away, or tag the project.`,
        );
      const project = await this.projects.change(unit, name, { objects });
      if (!project) throw projectNotFound(name);
      this.announce.project(unit, caller, project);
      this.audit.record(unit, caller, {
        action: 'project.tag',
        object: { kind: object.kind, id: object.name },
        project: name,
        details: { tags: object.tags.join(',').slice(0, 100) || null },
      });
      return project;
    });
  }
}
