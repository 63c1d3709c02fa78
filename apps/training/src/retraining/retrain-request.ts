import type { RetrainState } from '../training-tables';

/** A monitor's wish for a retrained model. At most one of a model is open (waiting or training). */
export interface RetrainRequest {
  readonly retrainId: string;
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly alertId: string;
  readonly dataset: string;
  readonly windowId: string;
  readonly windowRows: number;
  readonly membersDigest: string;
  readonly minimumRows: number;
  /** Labelled rows of the window that the newest dataset version looked at holds. */
  readonly labelledRows: number;
  readonly checkedVersion: number | null;
  readonly state: RetrainState;
  /** Code of why it was declined or failed. */
  readonly reason: string | null;
  readonly runId: string | null;
  /** Actor and correlation of the event that asked: carried on to the run. */
  readonly actor: string;
  readonly correlation: string;
  readonly requestedAt: string;
  readonly changedAt: string;
}

/** How many of the labelled rows come from predictions of the window. */
export function countMembers(predictions: readonly (string | null)[], members: ReadonlySet<string>): number {
  // A row that were there twice would still be one row of the window.
  const found = new Set<string>();
  for (const prediction of predictions) {
    if (prediction !== null && members.has(prediction)) found.add(prediction);
  }
  return found.size;
}

/** The members artifact of a window: a JSON list of `<prediction id>/<row>`; null if it is something else. */
export function parseMembers(bytes: Uint8Array): ReadonlySet<string> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || !parsed.every((entry) => typeof entry === 'string')) return null;
  return new Set(parsed);
}

/** What people read at /retrain-requests. */
export function explainRetrain(request: RetrainRequest): string {
  const { labelledRows, minimumRows, runId, reason } = request;
  switch (request.state) {
    case 'waiting_for_outcomes':
      return `Waits for outcomes: ${labelledRows} of the ${minimumRows} labelled rows of the window that it needs are in a dataset version.`;
    case 'training':
      return `Run ${runId} trains on a dataset version with ${labelledRows} labelled rows of the window.`;
    case 'answered':
      return `Run ${runId} registered a model version that waits for approval or has it.`;
    case 'failed':
      return `Run ${runId} ended without a model: ${reason}.`;
    case 'declined':
      return `Declined: ${reason}.`;
  }
}
