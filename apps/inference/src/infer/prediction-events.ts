import {
  MAX_EVENT_BYTES,
  PredictionLogged,
  type ModelDescriptor,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import type { Role } from '../deployments/served-deployment';
import { rounded, type GuardedAnswer } from '../guards/guarded-answer';
import { telemetryColumn, type RequestColumns } from './read-columns';

export interface Prediction {
  readonly id: string;
  readonly project: string;
  readonly caller: string;
  readonly timeMs: number;
  readonly descriptor: ModelDescriptor;
  readonly columns: RequestColumns;
  /** Probability of the positive class, one a row. */
  readonly scores: Float64Array;
  readonly labels: readonly string[];
  /** Rows whose decision waits for a person. */
  readonly held?: readonly { readonly row: number }[];
  /** By which part of the deployment it was answered. */
  readonly role?: Role;
  /** `<rollout id>/<step>` where the request was drawn for a comparison of canary and champion. */
  readonly rollout?: string | undefined;
  /** What the guards did with the answer. */
  readonly guarded?: GuardedAnswer | null;
}

function range(prediction: Prediction, from: number, to: number): PredictionLoggedMessage {
  const { descriptor, columns } = prediction;
  return {
    predictionId: prediction.id,
    firstRow: from,
    rows: to - from,
    project: prediction.project,
    model: descriptor.model,
    modelVersion: descriptor.version,
    modelDigest: descriptor.digest,
    dataset: descriptor.dataset,
    inputs: descriptor.inputs.map(({ name }, index) =>
      telemetryColumn(name, columns.inputs[index]!, from, to),
    ),
    sensitive: columns.sensitive.map(({ name, column }) => telemetryColumn(name, column, from, to)),
    subjects: columns.subjects.slice(from, to),
    scores: scoresIn(prediction, from, to),
    labels: prediction.labels.slice(from, to),
    timeMs: prediction.timeMs,
    caller: prediction.caller,
    role: prediction.role,
    rollout: prediction.rollout,
    ...heldIn(prediction, from, to),
    ...guardedIn(prediction, from, to),
  };
}

/** The scores that the caller got: rounded ones where his are. */
function scoresIn({ scores, guarded }: Prediction, from: number, to: number): number[] {
  const part = scores.subarray(from, to);
  const decimals = guarded?.decimals ?? null;
  return Array.from(decimals === null ? part : rounded(part, decimals));
}

/** Nothing where the guards have nothing to say. */
function guardedIn(
  { guarded }: Prediction,
  from: number,
  to: number,
): Pick<PredictionLoggedMessage, 'scoreDecimals' | 'outOfDomain'> {
  if (!guarded) return {};
  const { decimals, domain } = guarded;
  const rows = domain?.outside?.rows.filter((row) => row >= from && row < to).map((row) => row - from) ?? [];
  return {
    ...(decimals === null ? {} : { scoreDecimals: decimals }),
    ...(rows.length === 0 ? {} : { outOfDomain: { rows, columns: [...domain!.outside!.columns] } }),
  };
}

/** Nothing where nothing is held, so that such a message is what it always was. */
function heldIn({ held = [] }: Prediction, from: number, to: number): Pick<PredictionLoggedMessage, 'held'> {
  const rows = held.filter(({ row }) => row >= from && row < to).map(({ row }) => row - from);
  return rows.length === 0 ? {} : { held: { rows } };
}

/** One event for the request, or several with row ranges where it would pass 256 KiB: halved until each fits. */
export function predictionEvents(
  prediction: Prediction,
  from = 0,
  to = prediction.columns.rows,
): PredictionLoggedMessage[] {
  const event = range(prediction, from, to);
  if (to - from <= 1 || PredictionLogged.codec.encode(event).finish().byteLength <= MAX_EVENT_BYTES)
    return [event];
  const middle = (from + to) >> 1;
  return [...predictionEvents(prediction, from, middle), ...predictionEvents(prediction, middle, to)];
}
