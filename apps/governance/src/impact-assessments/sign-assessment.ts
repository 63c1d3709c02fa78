import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { personFault } from '../approvals/decide-request';
import type { GovernanceTables } from '../governance-tables';
import { GenerateAssessment } from './generate-assessment';
import { assessmentNotFound, signingFault } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

/** Another person signs the newest version of an impact assessment, for what the model is now. */
@Injectable()
export class SignAssessment {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly assessments: ImpactAssessmentRepository,
    private readonly generating: GenerateAssessment,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async sign(caller: Caller, project: string, model: string, version: number): Promise<void> {
    const notPerson = personFault(caller);
    if (notPerson) throw notPerson;
    await this.database.transaction(async (unit) => {
      await this.assessments.lock(unit, project, model);
      const versions = await this.assessments.versions(project, model, unit);
      const assessment = versions.find((each) => each.version === version);
      if (!assessment) throw assessmentNotFound(model);
      const made = assessment.generated.model.version;
      const scopeNow = await this.generating.scopeDigest(project, model, made, unit);
      const fault = signingFault(assessment, versions[0]!.version, scopeNow, caller.principal.id);
      if (fault) throw fault;
      await this.assessments.sign(unit, assessment, caller.principal.id, this.clock.iso());
      this.audit.record(unit, caller, {
        action: 'impact-assessment.sign',
        object: { kind: 'impact-assessment', id: `${project}/${model}` },
        project,
        details: { version, scope: assessment.scopeDigest },
      });
    });
  }
}
