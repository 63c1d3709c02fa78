import { Injectable, Logger } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { AuditTrail, callerOfService } from '@steward/access';
import { DeploymentChanged, type ModelDescriptor } from '@steward/contracts';
import { Database } from '@steward/database';
import { AppError, isRetriable } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { EngineFactory } from '../engines/engine';
import { InferenceMetrics } from '../infer/inference.metrics';
import { DeploymentRepository, type Deployment } from './deployment.repository';
import { servedName, ServingTable } from './serving-table';

const MAX_MODEL_BYTES = 256 * 1024 * 1024;

/**
 * Makes the serving table equal to what should be served: loads each deployment whose digest is not in the table, by
 * digest, verified. While a new champion loads, and when it cannot be loaded, the one before goes on answering.
 */
@Injectable()
export class LoadDeployments {
  private readonly logger = new Logger(LoadDeployments.name);
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly artifacts: ArtifactStore,
    private readonly engines: EngineFactory,
    private readonly table: ServingTable,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
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
      for (const deployment of await this.deployments.all()) await this.bring(deployment);
    } while (this.again);
  }

  private async bring(deployment: Deployment): Promise<void> {
    const { project, descriptor } = deployment;
    const name = servedName(project, descriptor.model);
    if (this.table.get(name)?.descriptor.digest === descriptor.digest) {
      if (deployment.state !== 'serving') await this.settle(deployment, 'serving', null);
      return;
    }
    if (deployment.state === 'refused') return this.goOn(deployment);
    try {
      await this.load(project, descriptor);
    } catch (error) {
      if (isRetriable(error)) throw error;
      const code = AppError.is(error) ? error.code : 'INFERENCE.LOAD_FAILED';
      this.logger.error(
        { err: error, model: name, digest: descriptor.digest },
        'A model could not be loaded.',
      );
      this.metrics.loaded(name, 'refused');
      await this.settle(deployment, 'refused', code);
      return this.goOn(deployment);
    }
    this.metrics.loaded(name, 'serving');
    this.logger.log(
      { model: name, version: descriptor.version, digest: descriptor.digest },
      'A model is served.',
    );
    await this.settle(deployment, 'serving', null);
  }

  private async load(project: string, descriptor: ModelDescriptor): Promise<void> {
    const onnx = await this.artifacts.read(descriptor.digest, { maxBytes: MAX_MODEL_BYTES });
    const engine = await this.engines.load(onnx, descriptor);
    this.table.put({ project, descriptor, engine });
  }

  /** After a restart nothing answers yet: the version that was served before the refused one does. */
  private async goOn({ project, descriptor, lastServed }: Deployment): Promise<void> {
    const name = servedName(project, descriptor.model);
    if (lastServed === null || this.table.get(name)) return;
    try {
      await this.load(project, lastServed);
    } catch (error) {
      if (isRetriable(error)) throw error;
      this.logger.error(
        { err: error, model: name, digest: lastServed.digest },
        'Nothing of a model can be served.',
      );
      return;
    }
    this.metrics.loaded(name, 'serving');
  }

  /** Writes the state, its event and its audit entry once, although each process and each start passes here. */
  private async settle(
    deployment: Deployment,
    state: 'serving' | 'refused',
    failure: string | null,
  ): Promise<void> {
    const { project, alias, descriptor, actor, correlation } = deployment;
    await this.database.transaction(async (unit) => {
      if (!(await this.deployments.setState(unit, deployment, state, failure))) return;
      this.outbox.publish(unit, DeploymentChanged, {
        subject: `${project}/${descriptor.model}`,
        project,
        correlation,
        actor,
        payload: {
          model: descriptor.model,
          version: descriptor.version,
          digest: descriptor.digest,
          alias,
          state,
          failure,
        },
      });
      this.audit.record(unit, callerOfService('inference', correlation, project), {
        action: `deployment.${state === 'serving' ? 'serve' : 'refuse'}`,
        object: { kind: 'model-version', id: `${descriptor.model}/${descriptor.version}` },
        project,
        outcome: state === 'serving' ? 'done' : 'refused',
        details: { digest: descriptor.digest, alias, ...(failure === null ? {} : { failure }) },
      });
    });
  }
}
