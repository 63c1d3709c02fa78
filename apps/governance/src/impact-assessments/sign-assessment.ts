import { Injectable } from '@nestjs/common';
import { AuditTrail, PolicyCache, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { AccountRepository } from '../approvals/approval.repository';
import { personFault } from '../approvals/decide-request';
import { refusalOf } from '../approvals/four-eyes';
import type { GovernanceTables } from '../governance-tables';
import { GenerateAssessment } from './generate-assessment';
import { assessmentNotFound, signingFault, type ImpactAssessment } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

/** Another person signs the newest version of an impact assessment, for what the model is now. */
@Injectable()
export class SignAssessment {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly assessments: ImpactAssessmentRepository,
    private readonly generating: GenerateAssessment,
    private readonly accounts: AccountRepository,
    private readonly policy: PolicyCache,
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
      await this.requireCleanHands(unit, caller, assessment);
      await this.assessments.sign(unit, assessment, caller.principal.id, this.clock.iso());
      this.audit.record(unit, caller, {
        action: 'impact-assessment.sign',
        object: { kind: 'impact-assessment', id: `${project}/${model}` },
        project,
        details: { version, scope: assessment.scopeDigest },
      });
    });
  }

  /** A lasting role that signs, and neither role nor account from who wrote it. */
  private async requireCleanHands(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    { project, writtenBy }: ImpactAssessment,
  ): Promise<void> {
    const signing = [...this.policy.current.roles.values()].filter(({ rules }) =>
      rules.some(
        ({ action, subject, inverted }) =>
          inverted !== true && action.includes('sign') && subject.includes('ImpactAssessment'),
      ),
    );
    const facts = {
      project,
      openedAt: this.clock.iso(),
      roles: signing.map(({ name }) => name),
      excluded: [{ person: writtenBy, because: 'wrote_assessment' }],
      policyChanges: [],
    };
    const refusal = refusalOf(facts, caller.principal.id, await this.accounts.all(unit));
    if (refusal)
      throw errors.forbidden(
        `GOVERNANCE.${refusal.code}`,
        'Who signs holds a lasting role for it, and has neither role nor account from who wrote the assessment.',
      );
  }
}
