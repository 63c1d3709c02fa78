import { Injectable } from '@nestjs/common';
import { deploymentAnswer } from '../deployments/deployment-answer';
import { DEFAULT_PLAN } from '../deployments/deployment-plan';
import { DeploymentRepository } from '../deployments/deployment.repository';
import { PlanRepository } from '../deployments/plan.repository';
import { notDeployed } from '../deployments/put-plan';
import { servedName, type ServedDeployment } from '../deployments/served-deployment';
import { ServingTable } from '../deployments/serving-table';
import { isolationState } from '../guards/row-isolation';
import { UnloadedModels } from '../model-repository/unloaded-models';
import { PredictionLog } from '../prediction-log/prediction-log';
import { ComparisonRepository } from './comparison.repository';
import { compareArms } from './arm-comparison';
import { evidenceOf, JudgeRollouts } from './judge-rollouts';
import { goesOn, percentOf, type Rollout } from './rollout';
import { RolloutRepository } from './rollout.repository';
import { shadowKey, sumDifferences, type ShadowDifferences } from './shadow-differences';

/** More than a rollout of ten steps of a month each leaves. */
const MOST_LOOKS = 3_000;

/** How one model is served: its plan, who answers now, its rollout with the gates as they stand, its shadow. */
@Injectable()
export class ShowDeployment {
  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly plans: PlanRepository,
    private readonly rollouts: RolloutRepository,
    private readonly comparisons: ComparisonRepository,
    private readonly judge: JudgeRollouts,
    private readonly table: ServingTable,
    private readonly unloaded: UnloadedModels,
    private readonly log: PredictionLog,
  ) {}

  async execute(project: string, model: string) {
    const name = servedName(project, model);
    const rows = (await this.deployments.ofProject(project)).filter((row) => row.descriptor.model === model);
    if (rows.length === 0) throw notDeployed(model);
    const plan = await this.plans.find(project, model);
    const rollout = await this.rollouts.latest(project, model);
    const served = this.table.deployment(name);
    const { mode } = plan?.plan.log ?? DEFAULT_PLAN.log;
    return {
      name,
      model,
      plan: plan?.plan ?? DEFAULT_PLAN,
      planVersion: plan?.version ?? 0,
      changedBy: plan?.changedBy ?? null,
      changedAt: plan?.changedAt ?? null,
      aliases: rows.map(deploymentAnswer),
      // Out of service it stays in the table, and answers nobody.
      traffic: served && !this.unloaded.has(name) ? trafficOf(served) : [],
      versions: served ? [...served.versions.keys()].toSorted((a, b) => b - a) : [],
      labels: served ? Object.fromEntries(served.labels) : {},
      rollout: rollout && (await this.rolloutAnswer(rollout)),
      experiment: served ? await this.experimentAnswer(served) : null,
      shadow: served ? await this.shadowAnswer(name, served) : null,
      /** Whether the champion's inputs can be held against its reference. */
      domainKnown: served ? served.champion.domains != null : null,
      /** Whether the champion's rows can be judged as a whole, and why not. */
      isolation: served ? isolationState(served.champion) : null,
      log: { mode, ...this.log.state },
    };
  }

  /** How the gates of the model's newest rollout stood over time, oldest first. Throws INFERENCE.NOT_DEPLOYED. */
  async looks(project: string, model: string) {
    const rows = await this.deployments.ofProject(project);
    if (!rows.some((row) => row.descriptor.model === model)) throw notDeployed(model);
    const rollout = await this.rollouts.latest(project, model);
    return rollout ? this.rollouts.looks(rollout.id, MOST_LOOKS) : [];
  }

  private async rolloutAnswer(rollout: Rollout) {
    const { id, state, step, reason, settings, descriptor, championVersion, startedAt, stepAt, endedAt } =
      rollout;
    const judgement = goesOn(rollout) ? await this.judge.judgement(rollout) : null;
    const { steps, falseRollbackRate } = settings;
    return {
      id,
      state,
      step,
      percent: percentOf(rollout),
      steps,
      falseRollbackRate,
      reason,
      version: descriptor.version,
      championVersion,
      startedAt,
      stepAt,
      endedAt,
      gates: judgement?.gates ?? [],
      moves: await this.rollouts.moves(id),
    };
  }

  /** Arms beside the champion; while a canary is on its way the champion's requests belong to its comparison. */
  private async experimentAnswer({ experiment, champion, arms, canary }: ServedDeployment) {
    if (experiment === null) return null;
    const counts = async (version: number, key = `${experiment}/${version}`) => ({
      version,
      evidence: evidenceOf(await this.comparisons.of(key)),
    });
    const { version } = champion.descriptor;
    const [beside, ...all] = await Promise.all([
      canary ? counts(version, canary.key) : counts(version),
      ...arms.map((arm) => counts(arm.served.descriptor.version)),
    ]);
    return { id: experiment, arms: compareArms(beside, all) };
  }

  private async shadowAnswer(name: string, { shadow, champion }: ServedDeployment) {
    if (!shadow) return null;
    const { version } = shadow.served.descriptor;
    const counted = await this.comparisons.of(shadowKey(name, version, champion.descriptor.version));
    const sum = sumDifferences(counted.map(({ counts }) => counts as ShadowDifferences));
    const mean = (total: number): number | null => (sum.rows === 0 ? null : total / sum.rows);
    return {
      version,
      percent: shadow.percent,
      comparedWith: champion.descriptor.version,
      rows: sum.rows,
      disagreement: mean(sum.disagreed),
      meanAbsoluteDifference: mean(sum.absolute),
      meanDifference: mean(sum.signed),
      largestDifference: sum.largest,
      failed: sum.failed,
      skipped: sum.skipped,
    };
  }
}

/** Who answers what share of the requests that name no version. */
function trafficOf({ champion, canary, arms }: ServedDeployment) {
  const others = [
    ...(canary
      ? [{ role: 'canary', version: canary.served.descriptor.version, percent: canary.percent }]
      : []),
    ...arms.map(({ served, percent }) => ({ role: 'arm', version: served.descriptor.version, percent })),
  ];
  const rest = others.reduce((left, { percent }) => left - percent, 100);
  return [{ role: 'champion', version: champion.descriptor.version, percent: rest }, ...others];
}
