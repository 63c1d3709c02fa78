import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@steward/audit-log';
import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { errors, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { bindingName } from '../records/processing-books';
import {
  ProcessingBooksRepository,
  ProcessingFactRepository,
  type Fact,
} from '../records/processing-books.repository';
import type { AssessmentScope, GeneratedPart } from './impact-assessment';
import { ImpactAssessmentRepository } from './impact-assessment.repository';

/** Fills the part of an impact assessment that the platform knows: lineage, figures, fairness, purposes. */
@Injectable()
export class GenerateAssessment {
  constructor(
    private readonly books: ProcessingBooksRepository,
    private readonly facts: ProcessingFactRepository,
    private readonly assessments: ImpactAssessmentRepository,
  ) {}

  /** For the newest version of the model. Throws not_found where training has told of none. */
  async generate(project: string, model: string): Promise<{ generated: GeneratedPart; scopeDigest: string }> {
    const newest = (await this.facts.newest(project, 'model-version')).find(({ name }) => name === model);
    if (!newest)
      throw errors.notFound('GOVERNANCE.MODEL_UNKNOWN', 'Training has told of no version of this model.');
    const made = newest.facts['descriptor'] as ModelDescriptor;
    const scope = await this.scopeOf(newest);
    const record = (await this.books.current(project, 'model', model))?.content;
    const generated: GeneratedPart = {
      scope,
      model: {
        version: made.version,
        digest: made.digest,
        runId: made.runId,
        datasetVersion: made.datasetVersion,
        datasetDigest: made.datasetDigest,
        contractDigest: made.contractDigest,
        metrics: newest.facts['metrics'] as Record<string, number | null>,
      },
      fairness: await this.assessments.figures(project, model, made.version),
      purposes: await this.purposesOf(project, scope.purposes),
      risk: record?.risk ?? null,
      riskGrounds: record?.grounds ?? null,
    };
    return { generated, scopeDigest: digestOf(scope) };
  }

  /** The digest of what an assessment of exactly this version would be about; null: training has not told of it yet. */
  async scopeDigest(
    project: string,
    model: string,
    version: number,
    unit?: UnitOfWork<GovernanceTables>,
  ): Promise<string | null> {
    const fact = await this.facts.find(project, 'model-version', model, version, unit);
    return fact ? digestOf(await this.scopeOf(fact, unit)) : null;
  }

  private async scopeOf(
    { project, name, facts }: Fact,
    unit?: UnitOfWork<GovernanceTables>,
  ): Promise<AssessmentScope> {
    const made = facts['descriptor'] as ModelDescriptor;
    const binding = await this.books.current(project, 'binding', bindingName('model', name), unit);
    return {
      model: name,
      dataset: made.dataset,
      inputs: made.inputs.map((input) => input.name).sort(),
      sensitive: [...made.sensitive].sort(),
      groups: [...made.groups].sort(),
      purposes: [...(binding?.content.purposes ?? [])].sort(),
    };
  }

  private async purposesOf(project: string, names: readonly string[]): Promise<GeneratedPart['purposes']> {
    return (await this.books.all(project, 'purpose'))
      .filter(({ name }) => names.includes(name))
      .map(({ name, content }) => ({
        purpose: name,
        title: content.title,
        lawfulBasis: content.lawfulBasis,
        specialCategories: content.specialCategories,
        recipients: content.recipients,
        retention: content.retention,
        automatedDecisions: content.automatedDecisions,
      }));
  }
}

const digestOf = (scope: AssessmentScope): string => sha256(canonicalJson(scope));
