import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import type { ApprovalRequest } from '../approvals/approval-request';
import type { JudgedGate } from '../approvals/judge-gates';
import { LiveGates } from '../approvals/live-gates';
import type { GovernanceTables } from '../governance-tables';
import { bindingName, DEFAULT_SETTINGS, SETTINGS } from '../records/processing-books';
import { ProcessingBooksRepository } from '../records/processing-books.repository';
import { purposesFault } from '../records/purpose-record';
import { GenerateAssessment } from './generate-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

type Unit = UnitOfWork<GovernanceTables>;

/**
 * What the law asks of a promotion: no prohibited use, a signed impact assessment for a high risk, and a lawful basis
 * for what the model is bound to. Judged each time, for a basis may be lost and an assessment signed while a request
 * waits; nobody waives these.
 */
@Injectable()
export class RecordGates extends LiveGates {
  constructor(
    private readonly books: ProcessingBooksRepository,
    private readonly assessments: ImpactAssessmentRepository,
    private readonly generating: GenerateAssessment,
  ) {
    super();
  }

  async judge(request: ApprovalRequest, unit?: Unit): Promise<JudgedGate[]> {
    const risk = (await this.books.current(request.project, 'model', request.model, unit))?.content.risk;
    const gates: JudgedGate[] = [];
    if (risk === 'unacceptable')
      gates.push(gate('risk', false, 'The use of this model is classed as prohibited (EU AI Act Art. 5).'));
    if (risk === 'high') gates.push(await this.assessment(request, unit));
    const basis = await this.basis(request, unit);
    return basis ? [...gates, basis] : gates;
  }

  private async assessment({ project, model, version }: ApprovalRequest, unit?: Unit): Promise<JudgedGate> {
    const signed = (await this.assessments.versions(project, model, unit)).filter(
      ({ signedAt }) => signedAt !== null,
    );
    if (signed.length === 0)
      return gate('impactAssessment', false, 'High risk, and nobody has signed an impact assessment.');
    const scope = await this.generating.scopeDigest(project, model, version, unit);
    const covers = signed.some(({ scopeDigest }) => scopeDigest === scope);
    return gate(
      'impactAssessment',
      covers,
      covers
        ? 'High risk, and a signed impact assessment covers it.'
        : 'High risk, and the signed impact assessment is about other inputs, data or purposes.',
    );
  }

  private async basis({ project, model }: ApprovalRequest, unit?: Unit): Promise<JudgedGate | null> {
    const settings = await this.books.current(project, 'settings', SETTINGS, unit);
    const { purposeRequired } = settings?.content ?? DEFAULT_SETTINGS;
    const binding = await this.books.current(project, 'binding', bindingName('model', model), unit);
    const bound = binding?.content.purposes ?? [];
    if (bound.length === 0)
      return purposeRequired
        ? gate('lawfulBasis', false, 'This project requires purposes, and the model is bound to none.')
        : null;
    const purposes = await this.books.all(project, 'purpose', unit);
    const fault = purposesFault(bound, new Map(purposes.map(({ name, content }) => [name, content])));
    return gate(
      'lawfulBasis',
      fault === null,
      fault === null ? 'Its purposes have a lawful basis.' : `Its purposes do not allow it: ${fault}.`,
    );
  }
}

const gate = (name: JudgedGate['gate'], passed: boolean, message: string): JudgedGate => ({
  gate: name,
  passed,
  message,
  value: passed ? 1 : 0,
  bound: 1,
});
