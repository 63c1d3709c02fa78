import { RolloutStates, type ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { Canary } from '../deployments/deployment-plan';
import type { CanaryJudgement } from './canary-judgement';

export type RolloutState = (typeof RolloutStates)[number];

/** A canary's way from its first step to the request that it becomes champion, or back. */
export interface Rollout {
  readonly id: string;
  readonly project: string;
  readonly model: string;
  /** The plan's canary as it was when the rollout began. */
  readonly settings: Canary;
  readonly descriptor: ModelDescriptor;
  readonly championVersion: number;
  readonly championDigest: string;
  readonly state: RolloutState;
  /** From 0. */
  readonly step: number;
  /** Why it is in this state: a gate, a code, or what a person did. */
  readonly reason: string;
  /** Who set the plan. */
  readonly requestedBy: string;
  readonly correlation: string;
  readonly startedAt: string;
  readonly stepAt: string;
  readonly endedAt: string | null;
}

/** Where a rollout goes. */
export interface Move {
  readonly state: RolloutState;
  readonly step: number;
  readonly reason: string;
}

export const goesOn = ({ state }: Pick<Rollout, 'state'>): boolean =>
  state === 'running' || state === 'promotion_requested';

/** The share of the requests that the canary answers; 0 when the rollout has ended. */
export const percentOf = ({ state, step, settings }: Pick<Rollout, 'state' | 'step' | 'settings'>): number =>
  goesOn({ state }) ? (settings.steps[step] ?? 0) : 0;

/** Under which key a step's evidence is counted. */
export const evidenceKey = ({ id, step }: Pick<Rollout, 'id' | 'step'>): string => `${id}/${step}`;

/** What a judgement makes of a rollout; null: it stays where it is. */
export function moveBy(rollout: Rollout, judgement: CanaryJudgement, now: number): Move | null {
  const { state, step, settings, stepAt } = rollout;
  if (judgement.verdict === 'back') {
    const harmed = judgement.gates.find(({ verdict }) => verdict === 'harm')!;
    return { state: 'rolled_back', step, reason: harmed.gate };
  }
  if (judgement.verdict === 'stay' || state !== 'running') return null;
  return now - Date.parse(stepAt) < settings.minimumSeconds * 1_000 ? null : onwards(rollout, 'gates_passed');
}

/** One step on; behind the last one the request for promotion. */
export function onwards({ step, settings }: Pick<Rollout, 'step' | 'settings'>, reason: string): Move {
  const last = step + 1 >= settings.steps.length;
  return last ? { state: 'promotion_requested', step, reason } : { state: 'running', step: step + 1, reason };
}

const FIRST_LOOK_MS = 1_000;
const LOOK_GROWTH = 1.05;

/**
 * True where how the gates stand is worth keeping: each look lies 5 % of the step's age behind the one before, so that a
 * step of a minute leaves about 80 and one of a month about 300.
 */
export function lookIsDue(
  { stepAt }: Pick<Rollout, 'stepAt'>,
  lastLook: string | null,
  now: number,
): boolean {
  if (lastLook === null) return true;
  const began = Date.parse(stepAt);
  const last = Math.max(Date.parse(lastLook) - began, FIRST_LOOK_MS);
  return now - began >= Math.max(last * LOOK_GROWTH, last + FIRST_LOOK_MS);
}

export function noRollout(model: string) {
  return errors.conflict('INFERENCE.NO_ROLLOUT', `No canary of ${model} is on its way.`);
}
