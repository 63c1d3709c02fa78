import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import type { AuditNote } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { AuditLogRepository, type EntryQuery } from './audit-log.repository';

export type EntryFilter = Omit<EntryQuery, 'projects'> & { readonly project: string | null };

/** Looks for entries, and shows each caller only those of projects whose audit entries he may read. */
@Injectable()
export class SearchEntries {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly access: Access,
  ) {}

  async search(caller: Caller, { project, ...filter }: EntryFilter) {
    const found = await this.log.search({ ...filter, projects: this.projectsOf(caller, project) });
    const items = found.map(({ index, entry, leaf, note }) => ({
      index,
      ...entry,
      leaf: leaf.toString('hex'),
      ...this.shown(caller, entry.project, note),
    }));
    return { items, next: items.length === filter.limit ? items.at(-1)!.index : null };
  }

  /** The projects of whose entries the caller gets to see some; undefined: all. Throws `GOVERNANCE.PROJECT_NOT_FOUND`. */
  projectsOf(caller: Caller, project: string | null): readonly (string | null)[] | undefined {
    const mayRead = (of: string | null): boolean =>
      this.access.can(caller.principal, 'read', 'AuditEntry', { project: of });
    if (project !== null && !mayRead(project))
      throw errors.notFound('GOVERNANCE.PROJECT_NOT_FOUND', `There is no project ${project}.`);
    if (project !== null) return [project];
    const bound = caller.principal.roles.flatMap((role) => (role.project === null ? [] : [role.project]));
    return mayRead(null) ? undefined : [...new Set(bound)].filter(mayRead);
  }

  /** Reasons and addresses are data of staff: for those who may see its accounts. Null too where a note was erased. */
  private shown(caller: Caller, project: string | null, note: AuditNote | null) {
    const may = this.access.can(caller.principal, 'read', 'User', { project });
    return { reason: (may && note?.reason) || null, address: (may && note?.address) || null };
  }
}
