import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import type { RetentionMode } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { RetentionReport } from '@steward/subjects';
import { RetentionRunRepository } from './retention.repository';

/** The reports that services named in their answers, checked to be theirs. */
@Injectable()
export class ReadRetentionReports {
  constructor(
    private readonly runs: RetentionRunRepository,
    private readonly artifacts: ArtifactStore,
  ) {}

  async execute(runId: string, mode: RetentionMode): Promise<{ report: RetentionReport; digest: string }[]> {
    const steps = (await this.runs.steps(runId)).filter((step) => step.mode === mode);
    return Promise.all(
      steps.map(async ({ service, reportDigest }) => {
        const digest = String(reportDigest);
        const report = RetentionReport.parse(
          JSON.parse((await this.artifacts.read(digest)).toString('utf8')),
        );
        if (report.runId === runId && report.service === service && report.mode === mode)
          return { report, digest };
        throw errors.internal('GOVERNANCE.REPORT_FOREIGN', 'A service named the report of another run.');
      }),
    );
  }
}
