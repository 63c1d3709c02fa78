import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import type { EventEnvelope, OutcomeRecordedMessage, PredictionLoggedMessage } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { isName } from '@steward/kernel';
import { SubjectTasks } from '@steward/subjects';
import { IngestionMetrics } from '../ingestion-metrics';
import type { IngestionTables } from '../ingestion-tables';
import { predictedRows } from './labelled-rows';
import { PredictionRowRepository, type OutcomeRow } from './prediction-row.repository';

type Unit = UnitOfWork<IngestionTables>;
type Envelope = Pick<EventEnvelope, 'actor' | 'correlation'>;

/** What became of an event: null if it was taken, else why not. */
export type Untaken = { readonly kind: 'drop' | 'broken'; readonly reason: string } | null;

/** Takes predictions and outcomes into the join, in either order; what comes again changes nothing. */
@Injectable()
export class JoinTelemetry {
  constructor(
    private readonly rows: PredictionRowRepository,
    private readonly subjects: SubjectTasks,
    private readonly audit: AuditTrail,
    private readonly metrics: IngestionMetrics,
  ) {}

  async prediction(unit: Unit, message: PredictionLoggedMessage): Promise<Untaken> {
    const { project, predictionId, dataset } = message;
    if (dataset === '') return { kind: 'drop', reason: 'the prediction names no dataset' };
    if (!isName(project) || !isName(dataset) || predictionId === '') {
      return { kind: 'broken', reason: 'project, dataset or prediction id is not a name' };
    }
    const rows = predictedRows(message);
    if ('fault' in rows) return { kind: 'broken', reason: rows.fault };
    // An event may come after its subject was erased: nothing of it is kept.
    const named = rows.flatMap(({ subject }) => (subject === null ? [] : [subject]));
    const erased = await this.subjects.erased(named, unit);
    const kept = rows.filter(({ subject }) => subject === null || !erased.has(subject));
    await this.rows.addPredictions(unit, { project, predictionId, dataset }, kept);
    return null;
  }

  async outcome(unit: Unit, envelope: Envelope, message: OutcomeRecordedMessage): Promise<Untaken> {
    const { project, predictionId, rows, labels } = message;
    if (!isName(project) || predictionId === '') {
      return { kind: 'broken', reason: 'project or prediction id is not a name' };
    }
    if (rows.length !== labels.length) return { kind: 'broken', reason: 'rows and labels differ in number' };
    const first = new Map<number, string>();
    let contradictions = 0;
    for (const [at, row] of rows.entries()) {
      const label = labels[at] ?? '';
      if (!first.has(row)) first.set(row, label);
      else if (first.get(row) !== label) contradictions += 1;
    }
    const given: OutcomeRow[] = [...first].map(([row, label]) => ({ row, label }));
    const { actor, correlation } = envelope;
    const kept = await this.rows.addOutcomes(unit, { project, predictionId, actor, correlation }, given);
    contradictions += kept.length;
    if (contradictions > 0) this.noteConflict(unit, envelope, message, contradictions);
    return null;
  }

  /** A corrected outcome is not taken: which rows a version holds must not depend on when it was made. */
  private noteConflict(unit: Unit, envelope: Envelope, message: OutcomeRecordedMessage, count: number): void {
    const { project, predictionId } = message;
    this.audit.record(unit, callerFromEvent({ ...envelope, project }), {
      action: 'outcome.conflict',
      object: { kind: 'prediction', id: predictionId },
      project,
      outcome: 'refused',
      details: { rows: count },
    });
    unit.afterCommit(() => this.metrics.outcomeConflict(count));
  }
}
