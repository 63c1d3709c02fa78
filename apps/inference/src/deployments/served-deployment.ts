import type { ModelDescriptor } from '@steward/contracts';
import type { Engine } from '../engines/engine';
import { guardsOf, type GuardPlan } from '../guards/guard-plan';
import type { InputDomain } from '../guards/input-domain';
import type { RowIsolation } from '../guards/row-isolation';
import { bucketOf } from './bucket-of';
import { DEFAULT_PLAN, type DeploymentPlan, type PredictionLogPlan } from './deployment-plan';

/** A model version that answers. */
export interface ServedModel {
  readonly project: string;
  readonly descriptor: ModelDescriptor;
  readonly engine: Engine;
  /** What its reference knows of each input; null: it has none that can be read. */
  readonly domains?: readonly (InputDomain | null)[] | null;
  /** Judges rows as a whole; null: it has no forest of its training rows that can be read. */
  readonly isolation?: RowIsolation | null;
}

/** The protocol's model name: `<project>.<model>`; neither may hold a dot. */
export const servedName = (project: string, model: string): string => `${project}.${model}`;

/** By which part of a deployment a request is answered. `pinned`: the caller named the version. */
export type Role = 'champion' | 'canary' | 'arm' | 'pinned';

/** A version with a share of the requests. */
export interface TrafficShare {
  readonly served: ServedModel;
  readonly percent: number;
}

/** A canary with what is counted of it. */
export interface ServedCanary extends TrafficShare {
  /** `<rollout id>/<step>`: what is counted belongs to this step. */
  readonly key: string;
  /** Requests that take the engine longer than this are counted as slow. Null: nobody asks. */
  readonly slowMs: number | null;
  /** Whether the champion scores the canary's requests too. */
  readonly compared: boolean;
}

/** A model as it answers right now, whole and unchangeable: it is swapped by one assignment. */
export interface ServedDeployment {
  readonly champion: ServedModel;
  readonly canary: ServedCanary | null;
  readonly arms: readonly TrafficShare[];
  /** Under which name arms and champion are compared; null where there are no arms. */
  readonly experiment: string | null;
  /** Scores a share of the requests after their answer. */
  readonly shadow: TrafficShare | null;
  /** All versions that a caller may name. */
  readonly versions: ReadonlyMap<number, ServedModel>;
  /** Names of such versions. */
  readonly labels: ReadonlyMap<string, number>;
  readonly sticky: DeploymentPlan['sticky'];
  readonly log: PredictionLogPlan;
  readonly guards: GuardPlan;
}

/** A champion alone, whatever else the plan has beside it. */
export function championAlone(champion: ServedModel, plan: DeploymentPlan = DEFAULT_PLAN): ServedDeployment {
  const { version } = champion.descriptor;
  return {
    champion,
    canary: null,
    arms: [],
    experiment: null,
    shadow: null,
    versions: new Map([[version, champion]]),
    labels: new Map([['champion', version]]),
    sticky: plan.sticky,
    log: plan.log,
    guards: guardsOf(plan),
  };
}

/** Every engine that a deployment uses. */
export function enginesOf({ champion, canary, arms, shadow, versions }: ServedDeployment): Set<ServedModel> {
  const others = [canary, shadow, ...arms].flatMap((share) => (share ? [share.served] : []));
  return new Set([champion, ...others, ...versions.values()]);
}

/** Who answers a request that names no version. */
export interface Draw {
  readonly served: ServedModel;
  readonly role: Exclude<Role, 'pinned'>;
}

/**
 * Under which key a request counts. Those of canary and champion belong to the rollout's step; else those of arms and
 * champion to their experiment, each version for itself. Only those that were drawn count, for who pins chooses.
 */
export function comparedKey(
  { canary, experiment }: Pick<ServedDeployment, 'canary' | 'experiment'>,
  role: Role,
  version: number,
): string | undefined {
  if (canary && (role === 'canary' || role === 'champion')) return canary.key;
  return experiment && (role === 'arm' || role === 'champion') ? `${experiment}/${version}` : undefined;
}

/** True where requests are told apart at all: only then they need a key. */
export const isSplit = ({ canary, arms }: ServedDeployment): boolean => canary !== null || arms.length > 0;

/**
 * Draws by the key: the same key is answered by the same version while the shares stay. The canary's share begins at
 * 0 and grows upwards, the arms' begin at 100 and go downwards: a canary that goes a step on keeps who it had, and no
 * arm loses anybody to it.
 */
export function drawn({ champion, canary, arms }: ServedDeployment, key: string): Draw {
  const at = bucketOf(key) * 100;
  if (canary && at < canary.percent) return { served: canary.served, role: 'canary' };
  let from = 100;
  for (const { served, percent } of arms) {
    from -= percent;
    if (at >= from) return { served, role: 'arm' };
  }
  return { served: champion, role: 'champion' };
}
