import { Injectable, Logger } from '@nestjs/common';
import type { ModelDescriptor } from '@steward/contracts';
import { AppError, isRetriable } from '@steward/kernel';
import { InferenceMetrics } from '../infer/inference.metrics';
import { RefuseCanary } from '../rollouts/refuse-canary';
import type { Rollout } from '../rollouts/rollout';
import { RolloutRepository } from '../rollouts/rollout.repository';
import { DEFAULT_PLAN, type DeploymentPlan } from './deployment-plan';
import { DeploymentRepository, type Deployment } from './deployment.repository';
import { LoadModelVersion } from './load-model-version';
import { PlanRepository } from './plan.repository';
import { enginesOf, servedName, type ServedModel } from './served-deployment';
import { ServingTable } from './serving-table';
import { SettleDeployment } from './settle-deployment';
import {
  deploymentOf,
  descriptorsOf,
  namesVersions,
  wantedVersions,
  type WantedVersions,
} from './wanted-versions';

/** One model as the database has it. */
interface Model {
  readonly project: string;
  readonly name: string;
  readonly deployments: Deployment[];
  readonly plan: DeploymentPlan | null;
  readonly rollout: Rollout | null;
}

/**
 * Makes the serving table equal to what should be served: loads each version whose digest is not in the table, by
 * digest, verified, warmed up. While a new champion loads, and when it cannot be loaded, the one before goes on answering.
 */
@Injectable()
export class LoadDeployments {
  private readonly logger = new Logger(LoadDeployments.name);
  private running: Promise<void> | null = null;
  private again = false;
  /** What the table's deployments were made of, so that an equal one is not made again. */
  private readonly made = new Map<string, string>();
  /** Versions without an alias that cannot be loaded are not tried again at every pass. */
  private readonly broken = new Map<string, string>();

  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly plans: PlanRepository,
    private readonly rollouts: RolloutRepository,
    private readonly version: LoadModelVersion,
    private readonly settle: SettleDeployment,
    private readonly refuseCanary: RefuseCanary,
    private readonly table: ServingTable,
    private readonly metrics: InferenceMetrics,
  ) {}

  /** One pass at a time; a call during a pass makes one more follow. Rejects when something was away: call again. */
  execute(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.passes().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async passes(): Promise<void> {
    do {
      this.again = false;
      for (const model of await this.models()) await this.bring(model);
    } while (this.again);
  }

  private async models(): Promise<Model[]> {
    const [deployments, plans, rollouts] = await Promise.all([
      this.deployments.all(),
      this.plans.all(),
      this.rollouts.goingOn(),
    ]);
    const named = <T extends { project: string; model: string }>(all: T[]): Map<string, T> =>
      new Map(all.map((one) => [servedName(one.project, one.model), one]));
    const [planOf, rolloutOf] = [named(plans), named(rollouts)];
    const models = new Map<string, Deployment[]>();
    for (const deployment of deployments) {
      const name = servedName(deployment.project, deployment.descriptor.model);
      models.set(name, [...(models.get(name) ?? []), deployment]);
    }
    return [...models].map(([name, of]) => ({
      project: of[0]!.project,
      name,
      deployments: of,
      plan: planOf.get(name)?.plan ?? null,
      rollout: rolloutOf.get(name) ?? null,
    }));
  }

  private async bring(model: Model): Promise<void> {
    const row = model.deployments.find(({ alias }) => alias === 'champion');
    const champion = row && (await this.champion(model, row));
    if (!champion) return;
    const plan = model.plan ?? DEFAULT_PLAN;
    const { project, name } = model;
    const approved = namesVersions(plan)
      ? await this.deployments.approved(project, champion.descriptor.model)
      : [];
    const wanted = wantedVersions({ ...model, approved });
    const loaded = await this.others(model, wanted, champion);
    const deployment = deploymentOf(champion, wanted, loaded);
    const print = JSON.stringify([
      champion.descriptor.digest,
      wanted,
      [...wanted.labels],
      [...loaded.keys()].toSorted(),
    ]);
    if (this.made.get(name) === print && this.table.get(name) === champion) return;
    this.table.deploy(deployment);
    this.made.set(name, print);
  }

  /** The champion in memory, loaded where it is not there yet; where it cannot be, the version that was served last. */
  private async champion(model: Model, row: Deployment): Promise<ServedModel | undefined> {
    const { project, name } = model;
    const { descriptor } = row;
    const held = this.held(name, descriptor.digest);
    if (!held && row.state === 'refused') return await this.goOn(model, row);
    try {
      const champion = held ?? (await this.version.execute(project, descriptor));
      if (!held) {
        // It answers as soon as it can: what else is wanted may take longer to load.
        if (!this.table.get(name)) this.table.put(champion, model.plan ?? DEFAULT_PLAN);
        this.report(name, descriptor);
      }
      if (row.state !== 'serving') await this.settle.execute(row, 'serving');
      return champion;
    } catch (error) {
      if (isRetriable(error)) throw error;
      await this.settle.execute(row, 'refused', this.failed(name, descriptor, error));
      return await this.goOn(model, row);
    }
  }

  private async goOn({ project, name }: Model, { lastServed }: Deployment): Promise<ServedModel | undefined> {
    const answering = this.table.get(name);
    if (answering || lastServed === null || this.broken.has(lastServed.digest)) return answering;
    try {
      const served = await this.version.execute(project, lastServed);
      this.report(name, lastServed);
      return served;
    } catch (error) {
      if (isRetriable(error)) throw error;
      this.broken.set(lastServed.digest, this.failed(name, lastServed, error));
      return undefined;
    }
  }

  /** Everything beside the champion, by digest; what cannot be loaded is missing. */
  private async others(
    model: Model,
    wanted: WantedVersions,
    champion: ServedModel,
  ): Promise<Map<string, ServedModel>> {
    const loaded = new Map<string, ServedModel>();
    const failures = new Map<string, string>();
    for (const descriptor of descriptorsOf(wanted)) {
      if (descriptor.digest === champion.descriptor.digest) continue;
      const found = await this.other(model, descriptor);
      if (typeof found === 'string') failures.set(descriptor.digest, found);
      else loaded.set(descriptor.digest, found);
    }
    await this.settleAliases(model, wanted, loaded, failures);
    const refused = wanted.canary && failures.get(wanted.canary.descriptor.digest);
    if (refused !== undefined && refused !== null && model.rollout) {
      await this.refuseCanary.execute(model.rollout.id, refused);
      this.again = true;
    }
    return loaded;
  }

  /** The version, or why it cannot be loaded. */
  private async other(
    { project, name, deployments }: Model,
    descriptor: ModelDescriptor,
  ): Promise<ServedModel | string> {
    const { digest } = descriptor;
    const held = this.held(name, digest);
    if (held) return held;
    const refused = deployments.find((row) => row.state === 'refused' && row.descriptor.digest === digest);
    const known = refused ? (refused.failure ?? 'INFERENCE.LOAD_FAILED') : this.broken.get(digest);
    if (known !== undefined) return known;
    try {
      const served = await this.version.execute(project, descriptor);
      this.report(name, descriptor);
      return served;
    } catch (error) {
      if (isRetriable(error)) throw error;
      const code = this.failed(name, descriptor, error);
      if (!deployments.some((row) => row.descriptor.digest === digest)) this.broken.set(digest, code);
      return code;
    }
  }

  private async settleAliases(
    { deployments }: Model,
    wanted: WantedVersions,
    loaded: ReadonlyMap<string, ServedModel>,
    failures: ReadonlyMap<string, string>,
  ): Promise<void> {
    const used = new Set(descriptorsOf(wanted).map(({ digest }) => digest));
    for (const row of deployments.filter(({ alias }) => alias !== 'champion')) {
      const { digest } = row.descriptor;
      const failure = failures.get(digest);
      if (failure !== undefined && row.state !== 'refused')
        await this.settle.execute(row, 'refused', failure);
      else if (loaded.has(digest) && row.state !== 'serving') await this.settle.execute(row, 'serving');
      else if (!used.has(digest) && row.state === 'serving') await this.settle.execute(row, 'idle');
    }
  }

  private held(name: string, digest: string): ServedModel | undefined {
    const deployment = this.table.deployment(name);
    return deployment && [...enginesOf(deployment)].find((served) => served.descriptor.digest === digest);
  }

  private report(name: string, { version, digest }: ModelDescriptor): void {
    this.metrics.loaded(name, 'serving');
    this.logger.log({ model: name, version, digest }, 'A model is served.');
  }

  private failed(name: string, { digest }: ModelDescriptor, error: unknown): string {
    this.metrics.loaded(name, 'refused');
    this.logger.error({ err: error, model: name, digest }, 'A model could not be loaded.');
    return AppError.is(error) ? error.code : 'INFERENCE.LOAD_FAILED';
  }
}
