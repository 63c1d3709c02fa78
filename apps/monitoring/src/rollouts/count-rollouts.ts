import { Injectable } from '@nestjs/common';
import {
  RolloutObserved,
  type OutcomeRecordedMessage,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { newId, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { ChampionRepository } from '../champions/champion.repository';
import { PredictedRows } from '../windows/observation-window';
import { WindowRepository } from '../windows/window.repository';
import {
  RolloutCountRepository,
  type CountedModel,
  type RolloutStep,
  type WaitingRow,
} from './rollout-count.repository';
import {
  addDecision,
  addOutcome,
  parseRollout,
  toldCounts,
  type RolloutCounts,
  type Side,
} from './rollout-counts';

type Change = (counts: RolloutCounts) => void;

/** What one transaction changes of one step. */
interface StepChanges extends RolloutStep {
  of: CountedModel | null;
  readonly changes: Change[];
}

/** What one transaction carries. */
interface Batch {
  readonly steps: Map<string, StepChanges>;
  readonly waiting: WaitingRow[];
  /** Outcomes by the digests of their rows. */
  readonly outcomes: Map<string, string>;
}

const digestOf = (predictionId: string, row: number): string => sha256(`${predictionId}/${row}`);

/**
 * Counts, for inference's canaries, what only monitoring can: outcomes joined to predictions, and decisions by group. What
 * a transaction carries is applied once before it commits, and told as totals, so that an event lost or told twice
 * changes nothing.
 */
@Injectable()
export class CountRollouts {
  private readonly batches = new WeakMap<UnitOfWork, Promise<Batch>>();

  constructor(
    private readonly counts: RolloutCountRepository,
    private readonly windows: WindowRepository,
    private readonly champions: ChampionRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Rows that were drawn for a step of a rollout; others are none of its. */
  async predicted(unit: UnitOfWork, partition: number, message: PredictionLoggedMessage): Promise<void> {
    if (!message.rollout) return;
    const at = parseRollout(message.rollout);
    const { project, model } = message;
    const batch = await this.batchOf(unit, partition);
    const champion = await this.champions.findAndHold(unit, project, model);
    const early = await this.counts.earlyOutcomes(unit, project, message.predictionId);
    const side: Side = message.role === 'canary' ? 'canary' : 'champion';
    const rows = new PredictedRows(message);
    const step = stepOf(batch, at);
    step.of = { project, model };
    for (let index = 0; index < message.rows; index++) {
      const { row, label, groups } = rows.row(index, champion?.descriptor.groups ?? []);
      const favourable = label === champion?.descriptor.favourable;
      step.changes.push((counts) => addDecision(counts, side, groups, favourable));
      const outcome = early.get(row);
      if (outcome === undefined) {
        batch.waiting.push({ ...at, digest: digestOf(message.predictionId, row), side, label });
      } else step.changes.push((counts) => addOutcome(counts, side, outcome !== label));
    }
  }

  async came(unit: UnitOfWork, partition: number, message: OutcomeRecordedMessage): Promise<void> {
    const { outcomes } = await this.batchOf(unit, partition);
    message.rows.forEach((row, index) => {
      const digest = digestOf(message.predictionId, row);
      // The first that was said of a row stays.
      if (!outcomes.has(digest)) outcomes.set(digest, message.labels[index]!);
    });
  }

  private batchOf(unit: UnitOfWork, partition: number): Promise<Batch> {
    let batch = this.batches.get(unit);
    if (!batch) {
      batch = this.begin(unit, partition);
      this.batches.set(unit, batch);
    }
    return batch;
  }

  private async begin(unit: UnitOfWork, partition: number): Promise<Batch> {
    const batch: Batch = { steps: new Map(), waiting: [], outcomes: new Map() };
    unit.beforeCommit(() => this.apply(unit, batch));
    // Predictions and outcomes of one partition never pass each other.
    await this.windows.lockPartition(unit, partition);
    return batch;
  }

  private async apply(unit: UnitOfWork, batch: Batch): Promise<void> {
    if (batch.waiting.length > 0) await this.counts.wait(unit, batch.waiting);
    if (batch.outcomes.size > 0) {
      for (const { digest, side, label, ...at } of await this.counts.take(unit, [...batch.outcomes.keys()])) {
        const wrong = batch.outcomes.get(digest) !== label;
        stepOf(batch, at).changes.push((counts) => addOutcome(counts, side, wrong));
      }
    }
    // One order everywhere, so that transactions of several partitions never lock crosswise.
    for (const key of [...batch.steps.keys()].toSorted()) await this.tell(unit, batch.steps.get(key)!);
  }

  private async tell(unit: UnitOfWork, { rolloutId, step, of, changes }: StepChanges): Promise<void> {
    const held = await this.counts.lock(unit, { rolloutId, step }, of);
    if (!held || changes.length === 0) return;
    for (const change of changes) change(held.counts);
    await this.counts.save(unit, { rolloutId, step }, held.counts);
    const { project, model } = held;
    this.outbox.publish(unit, RolloutObserved, {
      subject: `${project}/${model}`,
      project,
      correlation: newId(),
      actor: 'monitoring',
      payload: { rolloutId, model, step, ...toldCounts(held.counts) },
    });
  }
}

function stepOf({ steps }: Batch, { rolloutId, step }: RolloutStep): StepChanges {
  const key = `${rolloutId}/${step}`;
  const known = steps.get(key);
  if (known) return known;
  const made: StepChanges = { rolloutId, step, of: null, changes: [] };
  steps.set(key, made);
  return made;
}
