import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { ApprovalRequestState } from '../training-tables';

export interface ModelVersion {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  /** SHA-256 of the ONNX bytes. */
  readonly digest: string;
  readonly runId: string;
  readonly learner: string;
  readonly descriptor: ModelDescriptor;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Digest of our own compact model file, which keeps what ONNX cannot. */
  readonly modelFile: string;
  /** Newest batch of the dataset version that it was trained on. */
  readonly lastBatch: number;
  readonly registeredAt: string;
}

/** Where an alias points now. */
export interface Alias {
  readonly alias: string;
  readonly version: number;
  readonly digest: string;
  readonly requestId: string;
  readonly movedAt: string;
}

/** One move of an alias. */
export interface AliasMove extends Alias {
  readonly previousVersion: number | null;
  readonly previousDigest: string | null;
  readonly approvers: readonly string[];
}

/** An approval that training asked for, as training remembers it. */
export interface ApprovalRequestCopy {
  readonly requestId: string;
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly alias: string;
  readonly replaces: string | null;
  readonly runId: string;
  readonly state: ApprovalRequestState;
  readonly voidCode: string | null;
  readonly openedAt: string;
  readonly decidedAt: string | null;
}

export function modelNotFound(model: string, version?: number) {
  const what = version === undefined ? `model ${model}` : `version ${version} of model ${model}`;
  return errors.notFound('TRAINING.MODEL_NOT_FOUND', `There is no ${what} in this project.`);
}
