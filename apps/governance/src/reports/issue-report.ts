import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { LogKey, REPORT_MANIFEST, signDocument } from '@steward/audit-log';
import { Database } from '@steward/database';
import { Clock, errors, newId, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { GatherMaterial } from './gather-material';
import { type IssuedReport, type ReportFormat, type ReportManifest } from './issued-report';
import { sectionsOf } from './outline';
import { renderCsv } from './render/render-csv';
import { renderHtml } from './render/render-html';
import { renderPdf } from './render/render-pdf';
import { missingOf, ReportKinds, type Report, type ReportKind, type ReportScope } from './report';
import { ReportMetrics } from './report.metrics';
import { ReportRepository } from './report.repository';

export interface ReportOrder {
  readonly kind: ReportKind;
  readonly scope: ReportScope;
  readonly period: { readonly from: string; readonly to: string };
}

/** Makes a report from evidence, in every form, signs the list of its files, and enters it into the audit log. */
@Injectable()
export class IssueReport {
  constructor(
    private readonly gather: GatherMaterial,
    private readonly artifacts: ArtifactStore,
    private readonly reports: ReportRepository,
    private readonly database: Database<GovernanceTables>,
    private readonly audit: AuditTrail,
    private readonly key: LogKey,
    private readonly clock: Clock,
    private readonly metrics: ReportMetrics,
  ) {}

  /** Throws `GOVERNANCE.REPORT_SCOPE` where the kind needs a project, model or data set that is not given. */
  async issue(caller: Caller, order: ReportOrder): Promise<IssuedReport> {
    const { kind, scope, period } = order;
    requireScope(kind, scope);
    if (period.from >= period.to)
      throw errors.invalid('GOVERNANCE.REPORT_PERIOD', 'The period ends before it begins.');
    const report: Report = {
      id: newId(),
      kind,
      title: ReportKinds[kind].title,
      scope,
      period,
      issuedAt: this.clock.iso(),
      issuedBy: caller.principal.id,
      sections: sectionsOf(kind, await this.gather.execute(kind, scope, period)),
    };
    const contents = await contentsOf(report);
    const files = digestsOf(contents);
    const { id, issuedAt, issuedBy } = report;
    const manifest = signDocument<ReportManifest>(
      REPORT_MANIFEST,
      { report: id, kind, scope, period, issuedAt, issuedBy, files },
      this.key,
    );
    const issued = {
      id,
      kind,
      scope,
      period,
      issuedBy,
      issuedAt,
      missing: missingOf(report).length,
      files,
      manifest,
    };
    await this.database.transaction(async (unit) => {
      // In this order: retention, which deletes files of old reports, either waits for this row or is through before it.
      await this.reports.add(unit, issued);
      await Promise.all(Object.values(contents).map((content) => this.artifacts.put(content)));
      this.audit.record(unit, caller, {
        action: 'report.issue',
        object: { kind: 'report', id },
        project: scope.project,
        details: {
          kind,
          manifest: manifest.digest,
          model: scope.model,
          dataset: scope.dataset,
          ...Object.fromEntries(Object.entries(files).map(([format, { digest }]) => [format, digest])),
        },
      });
      unit.afterCommit(() => this.metrics.issued(kind));
    });
    return issued;
  }
}

type Contents = Readonly<Record<ReportFormat, Buffer>>;

async function contentsOf(report: Report): Promise<Contents> {
  return {
    html: Buffer.from(renderHtml(report)),
    pdf: await renderPdf(report),
    json: Buffer.from(`${JSON.stringify(report, null, 2)}\n`),
    csv: Buffer.from(renderCsv(report)),
  };
}

const digestsOf = (contents: Contents): ReportManifest['files'] =>
  Object.fromEntries(
    Object.entries(contents).map(([format, content]) => [
      format,
      { digest: sha256(content), size: content.length },
    ]),
  ) as ReportManifest['files'];

function requireScope(kind: ReportKind, scope: ReportScope): void {
  const { needs, title } = ReportKinds[kind];
  const given =
    needs === 'installation' ||
    (scope.project !== null &&
      (needs === 'project' || (needs === 'model' ? scope.model : scope.dataset) !== null));
  if (!given)
    throw errors.invalid(
      'GOVERNANCE.REPORT_SCOPE',
      `"${title}" is about a ${needs === 'dataset' ? 'data set' : needs} of a project: say which.`,
    );
}
