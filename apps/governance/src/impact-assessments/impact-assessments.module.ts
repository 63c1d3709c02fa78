import type { ModuleMetadata } from '@nestjs/common';
import { LiveGates } from '../approvals/live-gates';
import { GenerateAssessment } from './generate-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';
import { ImpactAssessmentsController } from './impact-assessments.controller';
import { PgImpactAssessmentRepository } from './pg-impact-assessment.repository';
import { RecordGates } from './record-gates';
import { SignAssessment } from './sign-assessment';
import { WriteAssessment } from './write-assessment';

/** Impact assessments, and what the books ask of a promotion: the part of the application's module that is theirs. */
export const ImpactAssessments = {
  controllers: [ImpactAssessmentsController],
  providers: [
    { provide: ImpactAssessmentRepository, useClass: PgImpactAssessmentRepository },
    { provide: LiveGates, useClass: RecordGates },
    GenerateAssessment,
    WriteAssessment,
    SignAssessment,
  ],
} satisfies ModuleMetadata;
