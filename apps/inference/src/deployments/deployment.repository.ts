import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';

export interface Deployment {
  readonly project: string;
  readonly alias: string;
  readonly descriptor: ModelDescriptor;
  readonly state: 'loading' | 'serving' | 'refused';
  readonly failure: string | null;
  /** The version that was served last, which goes on where this one is refused; null before the first. */
  readonly lastServed: ModelDescriptor | null;
  /** Who and what moved the alias: carried on into our own events. */
  readonly actor: string;
  readonly correlation: string;
  readonly changedAt: string;
}

/** What should be served, by project, model and alias. */
export abstract class DeploymentRepository {
  abstract all(): Promise<Deployment[]>;
  abstract ofProject(project: string): Promise<Deployment[]>;
  /** Replaces the alias's deployment; its state becomes `loading`. */
  abstract replace(
    unit: UnitOfWork,
    deployment: Pick<Deployment, 'project' | 'alias' | 'descriptor' | 'actor' | 'correlation'>,
  ): Promise<void>;
  /** Sets the state if the alias still points at that digest and the state differs; false otherwise. */
  abstract setState(
    unit: UnitOfWork,
    deployment: Deployment,
    state: 'serving' | 'refused',
    failure: string | null,
  ): Promise<boolean>;
}
