import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { inclusionRanges, type ReportProof } from '@steward/audit-log';
import { AuditLogRepository } from '../audit/audit-log.repository';
import { pathOf } from '../audit/sign-head';
import { ABOUT_PEOPLE, reportNotFound, type IssuedReport, type ReportFormat } from './issued-report';
import type { ReportKind } from './report';
import { ReportRepository } from './report.repository';

/** Reports for those who may read them: in their project, and those about people only by who may see the accounts. */
@Injectable()
export class ReadReports {
  constructor(
    private readonly reports: ReportRepository,
    private readonly artifacts: ArtifactStore,
    private readonly log: AuditLogRepository,
    private readonly access: Access,
  ) {}

  mayRead(caller: Caller, { kind, project }: { kind: ReportKind; project: string | null }): boolean {
    const may = (subject: 'Report' | 'User'): boolean =>
      this.access.can(caller.principal, 'read', subject, { project });
    return may('Report') && (!ABOUT_PEOPLE.includes(kind) || may('User'));
  }

  /** Throws `GOVERNANCE.REPORT_NOT_FOUND`, also for a report that the caller may not read. */
  async require(caller: Caller, id: string): Promise<IssuedReport> {
    const report = await this.reports.find(id);
    if (report && this.mayRead(caller, { kind: report.kind, project: report.scope.project })) return report;
    throw reportNotFound(id);
  }

  async list(
    caller: Caller,
    page: {
      readonly project: string | undefined;
      readonly kind: ReportKind | undefined;
      readonly after: string | null;
      readonly limit: number;
    },
  ): Promise<{ items: IssuedReport[]; next: string | null }> {
    const { after: before, ...asked } = page;
    const found = await this.reports.list({ ...asked, before });
    const items = found.filter(({ kind, scope }) => this.mayRead(caller, { kind, project: scope.project }));
    return { items, next: found.length === page.limit ? found.at(-1)!.id : null };
  }

  async file(caller: Caller, id: string, format: ReportFormat): Promise<Buffer> {
    const { files } = await this.require(caller, id);
    return this.artifacts.read(files[format].digest);
  }

  /** What proves each file of the report offline; `entry` is null until the audit log has taken it and signed. */
  async proof(caller: Caller, id: string): Promise<ReportProof> {
    const { manifest, scope } = await this.require(caller, id);
    const [entry] = await this.log.search({
      projects: [scope.project],
      action: 'report.issue',
      object: id,
      actor: null,
      correlation: null,
      from: null,
      to: null,
      after: null,
      limit: 1,
    });
    const head = await this.log.head();
    if (!entry || !head || head.size <= entry.index) return { manifest, entry: null };
    const path = await pathOf(this.log, inclusionRanges(entry.index, head.size));
    return {
      manifest,
      entry: {
        index: entry.index,
        content: entry.content.toString('utf8'),
        path: path.map((hash) => hash.toString('hex')),
        checkpoint: head.note,
      },
    };
  }
}
