import { Logger } from '@nestjs/common';
import { errors, type AppError } from '@steward/kernel';
import type { DeploymentPlan } from './deployment-plan';
import {
  championAlone,
  drawn,
  enginesOf,
  isSplit,
  servedName,
  type Role,
  type ServedDeployment,
  type ServedModel,
} from './served-deployment';

export { servedName, type ServedModel } from './served-deployment';

/** Which version a caller names: none, by number, or by label (an alias, or a name of the plan). */
export interface WantedVersion {
  readonly version?: string | undefined;
  readonly label?: string | undefined;
}

/** Who answers a request, and within which deployment. */
export interface Route {
  readonly served: ServedModel;
  readonly role: Role;
  readonly deployment: ServedDeployment;
}

/**
 * What answers right now, in memory. A swap is one assignment, so no request ever meets half of one. An engine that no
 * deployment uses any more is closed when its last request has ended.
 */
export class ServingTable {
  /** While a process has not yet tried all that it should serve, what is missing may be on its way. */
  loading = false;
  private readonly logger = new Logger(ServingTable.name);
  private readonly served = new Map<string, ServedDeployment>();
  /** Kept while the engine may be asked: to add and take away an entry for each request is garbage of the old generation. */
  private readonly underWay = new WeakMap<ServedModel, { requests: number }>();
  private readonly retired = new Set<ServedModel>();

  /** Serves a champion alone, by the plan as far as it concerns it. */
  put(model: ServedModel, plan?: DeploymentPlan): void {
    this.deploy(championAlone(model, plan));
  }

  deploy(deployment: ServedDeployment): void {
    const { project, descriptor } = deployment.champion;
    this.swap(servedName(project, descriptor.model), deployment);
  }

  /** The model answers no more. */
  remove(name: string): void {
    this.swap(name, null);
  }

  /** The champion. */
  get(name: string): ServedModel | undefined {
    return this.served.get(name)?.champion;
  }

  deployment(name: string): ServedDeployment | undefined {
    return this.served.get(name);
  }

  names(): string[] {
    return [...this.served.keys()];
  }

  /** The model by name and, if given, version; without one the champion. */
  require(name: string, version: string | undefined): ServedModel {
    return this.resolve(name, { version });
  }

  /** The version that the caller names; without one the champion. Only approved versions are here; all else is refused. */
  resolve(name: string, { version, label }: WantedVersion): ServedModel {
    const deployment = this.requireDeployment(name);
    if (label !== undefined && label !== '') return labelled(deployment, label);
    if (version === undefined || version === '') return deployment.champion;
    const number = /^\d{1,10}$/.test(version) ? Number(version) : Number.NaN;
    const served = deployment.versions.get(number);
    if (served) return served;
    throw errors.notFound(
      'INFERENCE.VERSION_NOT_SERVED',
      `Version ${version.slice(0, 20)} is not served; of this model ${[...deployment.versions.keys()].toSorted((a, b) => a - b).join(', ')} is. Only approved versions are.`,
    );
  }

  /** Who answers: the version that the caller names, or whom the plan's shares give it to by the key. */
  route(name: string, wanted: WantedVersion, key: (sticky: ServedDeployment['sticky']) => string): Route {
    const deployment = this.requireDeployment(name);
    if (wanted.version || wanted.label) {
      return { served: this.resolve(name, wanted), role: 'pinned', deployment };
    }
    if (!isSplit(deployment)) return { served: deployment.champion, role: 'champion', deployment };
    return { ...drawn(deployment, `${name}:${key(deployment.sticky)}`), deployment };
  }

  /** A request begins to use the engine; {@link leave} must follow. */
  enter(served: ServedModel): void {
    const known = this.underWay.get(served);
    if (known) known.requests += 1;
    else this.underWay.set(served, { requests: 1 });
  }

  leave(served: ServedModel): void {
    const known = this.underWay.get(served);
    if (known === undefined || --known.requests > 0) return;
    if (this.retired.delete(served)) this.close(served);
  }

  private requireDeployment(name: string): ServedDeployment {
    const deployment = this.served.get(name);
    if (deployment) return deployment;
    throw this.missing(
      errors.notFound(
        'INFERENCE.MODEL_NOT_SERVED',
        'No approved version of a model of that name is served here. Names have the form <project>.<model>.',
      ),
    );
  }

  /** The refusal of something that is not served, or the advice to try again while it is not known yet. */
  missing(refusal: AppError): AppError {
    return this.loading ? errors.unavailable('INFERENCE.NOT_READY', 'Models are being loaded.') : refusal;
  }

  private swap(name: string, next: ServedDeployment | null): void {
    const before = this.served.get(name);
    if (next) this.served.set(name, next);
    else this.served.delete(name);
    const used = next ? enginesOf(next) : new Set();
    for (const served of before ? enginesOf(before) : []) if (!used.has(served)) this.retire(served);
  }

  private retire(served: ServedModel): void {
    if ((this.underWay.get(served)?.requests ?? 0) > 0) this.retired.add(served);
    else this.close(served);
  }

  private close(served: ServedModel): void {
    served.engine.close().catch((error: unknown) => {
      const { model, version } = served.descriptor;
      this.logger.error({ err: error, model, version }, 'The engine of a model could not be closed.');
    });
  }
}

function labelled({ labels, versions }: ServedDeployment, label: string): ServedModel {
  const served = versions.get(labels.get(label) ?? Number.NaN);
  if (served) return served;
  throw errors.notFound(
    'INFERENCE.LABEL_NOT_SERVED',
    `No served version has the label ${label.slice(0, 63)}; there are ${[...labels.keys()].join(', ')}.`,
  );
}
