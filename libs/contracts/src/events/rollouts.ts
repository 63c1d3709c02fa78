import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** How a deployment serves was changed by a person. Key: `<project>/<model>`. */
export const DeploymentPlanChanged = defineEvent(
  'deployment-plan.changed',
  Topics.deployment,
  z.object({
    model: field.name(),
    planVersion: field.count(),
    digest: field.digest(),
    /** How predictions are logged from now on. */
    log: field.oneOf(['required', 'buffered', 'sampled']),
    changedBy: field.id(),
  }),
);

export const RolloutStates = [
  'running',
  'promotion_requested',
  'promoted',
  'rolled_back',
  'superseded',
] as const;

/** A canary began, went a step on, went back, asked for promotion, or ended. Key: `<project>/<model>`. */
export const RolloutChanged = defineEvent(
  'rollout.changed',
  Topics.deployment,
  z.object({
    rolloutId: field.id(),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    /** The champion that it is compared with. */
    championDigest: field.digest(),
    state: field.oneOf(RolloutStates),
    /** From 0. */
    step: field.count(),
    /** Share of the requests that the canary answers from now on. */
    percent: field.figure(),
    /** Why: a gate's name, an error's code, or what a person did. */
    reason: field.code(),
  }),
);

/** The canary passed its last step: may it become champion? Key: `<project>/<model>`. */
export const PromotionRequested = defineEvent(
  'promotion.requested',
  Topics.deployment,
  z.object({
    rolloutId: field.id(),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    /** Digest of the champion that it was compared with, and would replace. */
    replaces: field.digest(),
    /** Who set the plan by which it was compared: no approver of it. */
    requestedBy: field.id(),
    /** What came of the comparison, by gate: the difference to the champion and its limits. */
    figures: z.record(field.name(), field.figure().nullable()),
  }),
);

const Decisions = z.object({ rows: field.count(), favourable: field.count() });
const Outcomes = z.object({ outcomes: field.count(), wrong: field.count() });

/**
 * What monitoring counted of a rollout's step so far, champion against canary. Counts only grow, so a later event holds
 * all of an earlier one. Key: `<project>/<model>`.
 */
export const RolloutObserved = defineEvent(
  'rollout.observed',
  Topics.rollout,
  z.object({
    rolloutId: field.id(),
    model: field.name(),
    step: field.count(),
    canary: Outcomes,
    champion: Outcomes,
    /** Groups of at least 10 rows on both sides. The group itself is not named: `ordinal` counts them by first sight. */
    groups: z.array(
      z.object({ column: field.name(), ordinal: field.count(), canary: Decisions, champion: Decisions }),
    ),
  }),
);
