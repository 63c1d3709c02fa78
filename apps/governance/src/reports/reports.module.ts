import type { ModuleMetadata } from '@nestjs/common';
import { EvidenceConsumers } from '../evidence/evidence.consumers';
import { EvidenceRepository } from '../evidence/evidence.repository';
import { PgEvidenceRepository } from '../evidence/pg-evidence.repository';
import { GatherMaterial } from './gather-material';
import { IssueReport } from './issue-report';
import { PgReportRepository } from './pg-report.repository';
import { PgReviewRepository } from './pg-review.repository';
import { ReadReports } from './read-reports';
import { ReportMetrics } from './report.metrics';
import { ReportRepository } from './report.repository';
import { ReportsController } from './reports.controller';
import { ReviewRepository } from './review.repository';

/** Reports and the evidence that they rest on: the part of the application's module that is theirs. */
export const Reports = {
  controllers: [ReportsController],
  providers: [
    { provide: EvidenceRepository, useClass: PgEvidenceRepository },
    { provide: ReportRepository, useClass: PgReportRepository },
    { provide: ReviewRepository, useClass: PgReviewRepository },
    GatherMaterial,
    IssueReport,
    ReadReports,
    ReportMetrics,
    ...EvidenceConsumers,
  ],
} satisfies ModuleMetadata;
