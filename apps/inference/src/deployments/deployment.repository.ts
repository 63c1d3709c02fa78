import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';

/** `idle`: an alias that nothing of the plan serves. */
export type DeploymentState = 'loading' | 'serving' | 'refused' | 'idle';

export interface Deployment {
  readonly project: string;
  readonly alias: string;
  readonly descriptor: ModelDescriptor;
  readonly state: DeploymentState;
  readonly failure: string | null;
  /** The version that was served last, which goes on where this one is refused; null before the first. */
  readonly lastServed: ModelDescriptor | null;
  /** Who and what moved the alias: carried on into our own events. */
  readonly actor: string;
  readonly correlation: string;
  readonly changedAt: string;
}

/** A version that an alias pointed to once, so that somebody approved of it. */
export interface ApprovedVersion {
  readonly descriptor: ModelDescriptor;
  /** False: as a shadow alone. */
  readonly mayAnswer: boolean;
}

/** What should be served, by project, model and alias. */
export abstract class DeploymentRepository {
  abstract all(): Promise<Deployment[]>;
  /** Champions first. */
  abstract ofProject(project: string): Promise<Deployment[]>;
  abstract ofModel(unit: UnitOfWork, project: string, model: string): Promise<Deployment[]>;
  /** Replaces the alias's deployment; its state becomes `loading`, or `idle` where it is not the champion. */
  abstract replace(
    unit: UnitOfWork,
    deployment: Pick<Deployment, 'project' | 'alias' | 'descriptor' | 'actor' | 'correlation'>,
  ): Promise<void>;
  /** Sets the state if the alias still points at that digest and the state differs; false otherwise. */
  abstract setState(
    unit: UnitOfWork,
    deployment: Deployment,
    state: 'serving' | 'refused' | 'idle',
    failure: string | null,
  ): Promise<boolean>;
  /** Remembers that a version was approved; who once might answer may go on. */
  abstract approve(unit: UnitOfWork, project: string, approved: ApprovedVersion): Promise<void>;
  /** Newest first, 200 at most. */
  abstract approved(project: string, model: string): Promise<ApprovedVersion[]>;
  /** The version of these bytes that was approved once, whether it is served or not. */
  abstract approvedByDigest(project: string, model: string, digest: string): Promise<ModelDescriptor | null>;
}
