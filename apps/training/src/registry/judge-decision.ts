import type { Alias, ApprovalRequestCopy } from './model-version';

/** What governance decided, as far as it matters to the alias. */
export interface Decision {
  readonly decision: 'granted' | 'rejected' | 'expired';
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly alias: string;
  readonly replaces: string | null;
}

export type Verdict =
  | { readonly kind: 'move' }
  /** Nothing moves and nothing needs saying: rejected, expired, or decided before. */
  | { readonly kind: 'close'; readonly state: 'rejected' | 'expired' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'void'; readonly code: string };

/**
 * Compare-and-set of an alias. It moves only by a grant that names exactly what was asked for (model, version, digest, alias,
 * replaced champion) and only while the alias still points to the champion that the request named.
 */
export function judgeDecision(
  decision: Decision,
  request: ApprovalRequestCopy | null,
  current: Pick<Alias, 'digest'> | null,
): Verdict {
  if (!request) return { kind: 'void', code: 'TRAINING.APPROVAL_UNKNOWN' };
  if (request.state !== 'open') return { kind: 'ignore' };
  const asAsked =
    decision.project === request.project &&
    decision.model === request.model &&
    decision.version === request.version &&
    decision.digest === request.digest &&
    decision.alias === request.alias &&
    decision.replaces === request.replaces;
  if (decision.decision !== 'granted') {
    return asAsked
      ? { kind: 'close', state: decision.decision }
      : { kind: 'void', code: 'TRAINING.APPROVAL_MISMATCH' };
  }
  if (!asAsked) return { kind: 'void', code: 'TRAINING.APPROVAL_MISMATCH' };
  if ((current?.digest ?? null) !== request.replaces)
    return { kind: 'void', code: 'TRAINING.CHAMPION_CHANGED' };
  return { kind: 'move' };
}
