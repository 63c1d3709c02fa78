import type { Approval } from '@steward/contracts/generated/steward/governance/v1/governance';
import type { ApprovalRequest } from './approvals/approval-request';
import type { ApprovalView } from './approvals/read-approvals';

/** A request of a list: without decisions. */
export function requestMessage(request: ApprovalRequest): Approval {
  const { id, project, model, version, digest, alias, state, policyVersion, openedAt, runId } = request;
  return {
    id,
    project,
    model,
    version,
    digest,
    alias,
    state,
    policyVersion,
    openedAt,
    runId,
    replaces: request.replaces ?? '',
    decidedAt: request.decidedAt ?? '',
    gates: request.gates.map((gate) => ({ ...gate, value: gate.value ?? undefined, waivedBy: '' })),
    figures: Object.entries(request.figures).map(([name, value]) => ({ name, value: value ?? undefined })),
    excluded: request.excluded.map(({ person, because }) => ({ person, because })),
    decisions: [],
  };
}

/** A request as it is read alone: with waivers, all who are excluded, and decisions. */
export function approvalMessage(view: ApprovalView): Approval {
  return {
    ...requestMessage(view),
    gates: view.gates.map((gate) => ({
      ...gate,
      value: gate.value ?? undefined,
      waivedBy: gate.waivedBy ?? '',
    })),
    decisions: view.decisions.map(({ person, kind, gate, reason, decidedAt, counts }) => ({
      person,
      kind,
      decidedAt,
      counts,
      gate: gate ?? '',
      reason: reason ?? '',
    })),
  };
}
