import { Injectable } from '@nestjs/common';
import { callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { MoveRollout } from './move-rollout';
import { goesOn } from './rollout';
import { RolloutRepository } from './rollout.repository';

/** A canary that cannot be loaded goes back. */
@Injectable()
export class RefuseCanary {
  constructor(
    private readonly database: Database,
    private readonly rollouts: RolloutRepository,
    private readonly moves: MoveRollout,
  ) {}

  async execute(id: string, code: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      const rollout = await this.rollouts.lock(unit, id, 'wait');
      if (!rollout || !goesOn(rollout)) return;
      const caller = callerOfService('inference', rollout.correlation, rollout.project);
      await this.moves.move(
        unit,
        caller,
        rollout,
        { state: 'rolled_back', step: rollout.step, reason: code },
        null,
      );
    });
  }
}
