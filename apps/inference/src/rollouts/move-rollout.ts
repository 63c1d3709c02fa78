import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { PromotionRequested, RolloutChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import type { CanaryJudgement } from './canary-judgement';
import { percentOf, type Move, type Rollout } from './rollout';
import { RolloutRepository } from './rollout.repository';

const ACTIONS = {
  running: 'rollout.advance',
  promotion_requested: 'rollout.request-promotion',
  promoted: 'rollout.complete',
  rolled_back: 'rollout.roll-back',
  superseded: 'rollout.supersede',
} as const;

/** Begins and moves rollouts: each time the row, its history, the event and the audit entry, in one transaction. */
@Injectable()
export class MoveRollout {
  constructor(
    private readonly rollouts: RolloutRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  async begin(unit: UnitOfWork, caller: Caller, rollout: Rollout): Promise<void> {
    await this.rollouts.add(unit, rollout);
    this.tell(unit, caller, rollout, 'rollout.begin', null);
  }

  /** The caller holds the rollout's lock. `judgement`: how the gates stood, where they caused the move. */
  async move(
    unit: UnitOfWork,
    caller: Caller,
    rollout: Rollout,
    to: Move,
    judgement: CanaryJudgement | null,
  ): Promise<void> {
    const next = await this.rollouts.move(unit, rollout, to, judgement);
    this.tell(unit, caller, next, ACTIONS[next.state], judgement);
    if (next.state !== 'promotion_requested') return;
    this.outbox.publish(unit, PromotionRequested, {
      ...envelope(caller, next),
      payload: {
        rolloutId: next.id,
        model: next.model,
        version: next.descriptor.version,
        digest: next.descriptor.digest,
        replaces: next.championDigest,
        requestedBy: next.requestedBy,
        figures: figuresOf(judgement),
      },
    });
  }

  private tell(
    unit: UnitOfWork,
    caller: Caller,
    rollout: Rollout,
    action: string,
    judgement: CanaryJudgement | null,
  ): void {
    const { id, model, descriptor, championDigest, state, step, reason, project } = rollout;
    const { version, digest } = descriptor;
    const percent = percentOf(rollout);
    this.outbox.publish(unit, RolloutChanged, {
      ...envelope(caller, rollout),
      payload: { rolloutId: id, model, version, digest, championDigest, state, step, percent, reason },
    });
    this.audit.record(unit, caller, {
      action,
      object: { kind: 'rollout', id },
      project,
      details: {
        model,
        version,
        digest,
        champion: championDigest,
        step,
        percent,
        reason,
        ...figuresOf(judgement),
      },
    });
  }
}

const envelope = (caller: Caller, { project, model, correlation }: Rollout) => ({
  subject: `${project}/${model}`,
  project,
  correlation,
  actor: caller.principal.id,
});

/** The gates in figures: how much worse the canary is, with limits, and on how many observations. */
function figuresOf(judgement: CanaryJudgement | null): Record<string, number | null> {
  const entries = (judgement?.gates ?? []).flatMap(({ gate, difference, observed }) => [
    [gate, difference?.value ?? null] as const,
    [`${gate}.lower`, difference?.lower ?? null] as const,
    [`${gate}.upper`, difference?.upper ?? null] as const,
    [`${gate}.observed`, observed] as const,
  ]);
  return Object.fromEntries(entries);
}
