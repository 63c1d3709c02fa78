import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { GenerateAssessment } from './generate-assessment';
import type { AssessmentBody, ImpactAssessment } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

/** Writes a version of a model's impact assessment: what people say, beside what the platform knows at this moment. */
@Injectable()
export class WriteAssessment {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly assessments: ImpactAssessmentRepository,
    private readonly generating: GenerateAssessment,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async write(
    caller: Caller,
    project: string,
    model: string,
    body: AssessmentBody,
  ): Promise<ImpactAssessment> {
    const { generated, scopeDigest } = await this.generating.generate(project, model);
    return this.database.transaction(async (unit) => {
      await this.assessments.lock(unit, project, model);
      const [newest] = await this.assessments.versions(project, model, unit);
      const assessment: ImpactAssessment = {
        project,
        model,
        version: (newest?.version ?? 0) + 1,
        body,
        generated,
        scopeDigest,
        writtenBy: caller.principal.id,
        writtenAt: this.clock.iso(),
        signedBy: null,
        signedAt: null,
      };
      await this.assessments.add(unit, assessment);
      this.audit.record(unit, caller, {
        action: 'impact-assessment.write',
        object: { kind: 'impact-assessment', id: `${project}/${model}` },
        project,
        details: { version: assessment.version, scope: scopeDigest, risks: body.risks.length },
      });
      return assessment;
    });
  }
}
