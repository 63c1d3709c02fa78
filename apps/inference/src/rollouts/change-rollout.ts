import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { PlanRepository } from '../deployments/plan.repository';
import { MoveRollout } from './move-rollout';
import { goesOn, noRollout, onwards, type Move, type Rollout } from './rollout';
import { RolloutRepository } from './rollout.repository';

/** A person takes a canary one step on, or back, whatever its gates say. */
@Injectable()
export class ChangeRollout {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
    private readonly rollouts: RolloutRepository,
    private readonly moves: MoveRollout,
  ) {}

  async execute(caller: Caller, project: string, model: string, way: 'advance' | 'rollback'): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.plans.lockModel(unit, project, model);
      const latest = await this.rollouts.latest(project, model, unit);
      if (!latest || !goesOn(latest)) throw noRollout(model);
      const rollout = await this.rollouts.lock(unit, latest.id, 'wait');
      if (!rollout) throw noRollout(model);
      await this.moves.move(unit, caller, rollout, moveOf(rollout, way), null);
    });
  }
}

function moveOf(rollout: Rollout, way: 'advance' | 'rollback'): Move {
  if (!goesOn(rollout)) throw noRollout(rollout.model);
  if (way === 'rollback') return { state: 'rolled_back', step: rollout.step, reason: 'by_hand' };
  if (rollout.state === 'running') return onwards(rollout, 'by_hand');
  throw errors.conflict(
    'INFERENCE.PROMOTION_REQUESTED',
    'The canary passed its last step; whether it becomes champion is for its approval to say.',
  );
}
