import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import type { DeploymentRepository, Deployment } from '../deployments/deployment.repository';
import type { PlanVersion } from '../deployments/plan.repository';
import { MoveRollout } from './move-rollout';
import { goesOn, type Rollout } from './rollout';
import { RolloutRepository } from './rollout.repository';

/** What the plan and the aliases ask for. */
export interface Asked {
  readonly plan: PlanVersion | null;
  readonly deployments: Awaited<ReturnType<DeploymentRepository['ofModel']>>;
}

type Wanted = Pick<Rollout, 'settings' | 'descriptor' | 'championVersion' | 'championDigest'>;

/** Makes the rollout of a model follow its plan and its aliases. The caller holds the model's lock. */
@Injectable()
export class SyncRollout {
  constructor(
    private readonly rollouts: RolloutRepository,
    private readonly moves: MoveRollout,
    private readonly clock: Clock,
  ) {}

  async execute(
    unit: UnitOfWork,
    caller: Caller,
    project: string,
    model: string,
    asked: Asked,
  ): Promise<void> {
    const wanted = wantedOf(asked);
    let latest = await this.rollouts.latest(project, model, unit);
    // A gate may be moving it right now.
    if (latest && goesOn(latest)) latest = await this.rollouts.lock(unit, latest.id, 'wait');
    if (latest && goesOn(latest)) {
      if (wanted && isSame(latest, wanted)) return;
      const champion = championOf(asked.deployments)?.descriptor.digest;
      const promoted = champion === latest.descriptor.digest;
      await this.moves.move(
        unit,
        caller,
        latest,
        {
          state: promoted ? 'promoted' : 'superseded',
          step: latest.step,
          reason: promoted ? 'champion' : wanted ? 'changed' : 'no_canary',
        },
        null,
      );
    } else if (latest && wanted && latest.state === 'rolled_back' && isSame(latest, wanted)) {
      // What went back does not come again by itself: the alias or the canary's settings must change first.
      return;
    }
    if (wanted && asked.plan) await this.begin(unit, caller, project, model, wanted, asked.plan);
  }

  private async begin(
    unit: UnitOfWork,
    caller: Caller,
    project: string,
    model: string,
    wanted: Wanted,
    plan: PlanVersion,
  ): Promise<void> {
    const now = this.clock.iso();
    await this.moves.begin(unit, caller, {
      ...wanted,
      id: newId(this.clock.now()),
      project,
      model,
      state: 'running',
      step: 0,
      reason: 'started',
      requestedBy: plan.changedBy,
      correlation: caller.correlation,
      startedAt: now,
      stepAt: now,
      endedAt: null,
    });
  }
}

const championOf = (deployments: readonly Deployment[]): Deployment | undefined =>
  deployments.find(({ alias }) => alias === 'champion');

function wantedOf({ plan, deployments }: Asked): Wanted | null {
  const settings = plan?.plan.canary;
  const champion = championOf(deployments)?.descriptor;
  const descriptor = deployments.find(({ alias }) => alias === settings?.alias)?.descriptor;
  if (!settings || !champion || !descriptor || descriptor.digest === champion.digest) return null;
  return { settings, descriptor, championVersion: champion.version, championDigest: champion.digest };
}

const isSame = (rollout: Rollout, wanted: Wanted): boolean =>
  rollout.descriptor.digest === wanted.descriptor.digest &&
  rollout.championDigest === wanted.championDigest &&
  canonical(rollout.settings) === canonical(wanted.settings);

/** JSON columns do not keep the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
