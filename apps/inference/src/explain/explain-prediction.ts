import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import type { ModelDescriptor, PredictionLoggedMessage } from '@steward/contracts';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { SubjectProcessing } from '@steward/subjects';
import { predictionRow, type PredictionRow } from '../infer/prediction-row';
import type { ExplainOptions } from './explain-options';
import type { Explanation } from './explanation';
import { predictionNotFound, RecomputeExplanation } from './recompute-explanation';

/** Explains a row that was predicted earlier to somebody who may see it, and records that he saw it. */
@Injectable()
export class ExplainPrediction {
  constructor(
    private readonly recomputing: RecomputeExplanation,
    private readonly access: Access,
    private readonly subjects: SubjectProcessing,
    private readonly database: Database,
    private readonly audit: AuditTrail,
  ) {}

  /** @param name `<prediction id>/<row>` */
  async execute(
    caller: Caller,
    project: string,
    name: string,
    { counterfactuals }: ExplainOptions = {},
  ): Promise<Explanation> {
    const wanted = predictionRow(name);
    const event = await this.recomputing.find(project, wanted);
    this.requireRight(caller, event);
    const at = wanted.row - event.firstRow;
    this.requireSubject(event.subjects[at] ?? '', wanted);
    const descriptor = await this.recomputing.descriptor(event);
    this.requireInsensitive(descriptor);
    const explanation = await this.recomputing.explain(descriptor, event, at, counterfactuals);
    await this.record(caller, project, name, descriptor, counterfactuals !== undefined);
    return explanation;
  }

  /** An explanation shows features and what was decided: a role that leaves one of them out gives none. */
  private requireRight(caller: Caller, { project, model, dataset }: PredictionLoggedMessage): void {
    const place = { project, model, ...(dataset === '' ? {} : { dataset }) };
    for (const dataClass of ['feature', 'label'])
      this.access.require(caller, 'read', 'Prediction', { ...place, dataClass });
  }

  /** An erased subject's predictions are as if they had never been. */
  private requireSubject(subject: string, { row }: PredictionRow): void {
    const terms = subject === '' ? null : this.subjects.of(subject);
    if (terms?.inference !== 'refused') return;
    if (terms.because.includes('erasure')) throw predictionNotFound();
    throw errors.conflict(
      'INFERENCE.SUBJECT_REFUSED',
      `The subject of row ${row} does not allow that its data be processed.`,
    );
  }

  private requireInsensitive({ inputs, sensitive: columns }: ModelDescriptor): void {
    const sensitive = inputs.filter(({ name }) => columns.includes(name));
    if (sensitive.length > 0) {
      throw errors.forbidden(
        'INFERENCE.EXPLANATION_SENSITIVE',
        `The model reads sensitive columns (${sensitive.map(({ name }) => name).join(', ')}); their values, and what they did, are shown to nobody but the caller who sends them, with parameters.explain.`,
      );
    }
  }

  /** Somebody has read what was known of a person: that is in the audit log before it is answered. */
  private async record(
    caller: Caller,
    project: string,
    id: string,
    { model, version, digest }: ModelDescriptor,
    counterfactuals: boolean,
  ): Promise<void> {
    await this.database.transaction((unit) => {
      this.audit.record(unit, caller, {
        action: 'prediction.explain',
        object: { kind: 'prediction', id },
        project,
        details: { model, version, digest, ...(counterfactuals ? { counterfactuals } : {}) },
      });
      return Promise.resolve();
    });
  }
}
