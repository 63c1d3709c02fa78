import type { ModelDescriptor } from '@steward/contracts';
import { guardsOf } from '../guards/guard-plan';
import { evidenceKey, goesOn, percentOf, type Rollout } from '../rollouts/rollout';
import { DEFAULT_PLAN, planDigest, type DeploymentPlan } from './deployment-plan';
import type { ApprovedVersion, Deployment } from './deployment.repository';
import type { ServedCanary, ServedDeployment, ServedModel } from './served-deployment';

/** All that says how one model should be served. */
export interface ModelState {
  readonly deployments: readonly Deployment[];
  readonly plan: DeploymentPlan | null;
  readonly rollout: Rollout | null;
  /** Newest first. */
  readonly approved: readonly ApprovedVersion[];
}

/** The canary's part of what is wanted, without its engine. */
type WantedCanary = Omit<ServedCanary, 'served'> & { readonly descriptor: ModelDescriptor };
interface WantedShare {
  readonly descriptor: ModelDescriptor;
  readonly percent: number;
}

/** What should be served beside the champion, by descriptors. */
export interface WantedVersions {
  readonly canary: WantedCanary | null;
  readonly arms: readonly WantedShare[];
  readonly shadow: WantedShare | null;
  /** What a caller may name beside those that have traffic. */
  readonly pinnable: readonly ModelDescriptor[];
  readonly labels: ReadonlyMap<string, number>;
  readonly plan: DeploymentPlan;
}

/** More versions than this are not loaded for callers who might name them. */
const MOST_PINNABLE = 16;

/** What a model's plan, aliases and rollout come to. */
export function wantedVersions({ deployments, plan: given, rollout, approved }: ModelState): WantedVersions {
  const plan = given ?? DEFAULT_PLAN;
  const byAlias = new Map(deployments.map(({ alias, descriptor }) => [alias, descriptor]));
  const answering = approved.filter(({ mayAnswer }) => mayAnswer).map(({ descriptor }) => descriptor);
  const byVersion = new Map(answering.map((descriptor) => [descriptor.version, descriptor]));
  const arms = plan.arms.flatMap(({ alias, version, percent }) => {
    const descriptor = alias === undefined ? byVersion.get(version!) : byAlias.get(alias);
    return descriptor ? [{ descriptor, percent }] : [];
  });
  const shadowed = plan.shadow && byAlias.get(plan.shadow.alias);
  return {
    canary: canaryOf(rollout),
    arms,
    shadow: plan.shadow && shadowed ? { descriptor: shadowed, percent: plan.shadow.percent } : null,
    pinnable: pinnableOf(plan, answering),
    labels: labelsOf(plan, deployments),
    plan,
  };
}

/** Whether the plan names versions by number, so that one must know which were approved. */
export const namesVersions = ({ arms, versions, labels }: DeploymentPlan): boolean =>
  versions.policy !== 'latest' ||
  versions.count > 1 ||
  Object.keys(labels).length > 0 ||
  arms.some(({ version }) => version !== undefined);

function canaryOf(rollout: Rollout | null): WantedCanary | null {
  if (!rollout || !goesOn(rollout)) return null;
  const { descriptor, settings } = rollout;
  return {
    descriptor,
    percent: percentOf(rollout),
    key: evidenceKey(rollout),
    slowMs: settings.gates.latency?.milliseconds ?? null,
    compared: settings.gates.agreement !== undefined,
  };
}

function pinnableOf(
  { versions, labels }: DeploymentPlan,
  answering: readonly ModelDescriptor[],
): ModelDescriptor[] {
  const named = new Set([
    ...Object.values(labels),
    ...(versions.policy === 'specific' ? versions.versions : []),
  ]);
  const newest = versions.policy === 'latest' && versions.count > 1 ? versions.count : 0;
  const byPolicy = versions.policy === 'all' ? MOST_PINNABLE : newest;
  const chosen = answering.filter(({ version }, index) => index < byPolicy || named.has(version));
  return chosen.slice(0, MOST_PINNABLE);
}

/** Aliases are labels too; the plan's own names go before them. What may not answer has none. */
function labelsOf(plan: DeploymentPlan, deployments: readonly Deployment[]): Map<string, number> {
  const aliases = deployments
    .filter(({ alias }) => alias !== plan.shadow?.alias && alias !== 'shadow')
    .map(({ alias, descriptor }) => [alias, descriptor.version] as const);
  return new Map([...aliases, ...Object.entries(plan.labels)]);
}

/** The descriptors of all that is wanted beside the champion, each once. */
export function descriptorsOf({ canary, arms, shadow, pinnable }: WantedVersions): ModelDescriptor[] {
  const all = [
    canary?.descriptor,
    shadow?.descriptor,
    ...arms.map(({ descriptor }) => descriptor),
    ...pinnable,
  ];
  return [...new Map(all.flatMap((one) => (one ? [[one.digest, one] as const] : []))).values()];
}

/**
 * The deployment of what is loaded. What could not be loaded has no part in it: its share is the champion's. A version
 * that is the champion's own is not a part beside it.
 */
export function deploymentOf(
  champion: ServedModel,
  wanted: WantedVersions,
  loaded: ReadonlyMap<string, ServedModel>,
): ServedDeployment {
  const of = ({ digest }: ModelDescriptor): ServedModel | undefined =>
    digest === champion.descriptor.digest ? undefined : loaded.get(digest);
  const share = <Part extends { descriptor: ModelDescriptor }>(part: Part | null) => {
    const served = part && of(part.descriptor);
    return part && served ? { ...part, served } : null;
  };
  const arms = wanted.arms.flatMap((arm) => share(arm) ?? []);
  const canary = share(wanted.canary);
  const answering = [
    ...wanted.pinnable.flatMap((descriptor) => of(descriptor) ?? []),
    ...arms.map(({ served }) => served),
    ...(canary ? [canary.served] : []),
    champion,
  ];
  return {
    champion,
    canary,
    arms,
    experiment: arms.length > 0 ? experimentOf(wanted.plan, champion.descriptor.version) : null,
    shadow: share(wanted.shadow),
    versions: new Map(answering.map((served) => [served.descriptor.version, served])),
    labels: wanted.labels,
    sticky: wanted.plan.sticky,
    log: wanted.plan.log,
    guards: guardsOf(wanted.plan),
  };
}

/** Another plan or another champion is another experiment. */
const experimentOf = (plan: DeploymentPlan, champion: number): string =>
  `ab-${planDigest(plan).slice(0, 16)}-${champion}`;
