import { errors, isName, sha256 } from '@steward/kernel';
import { z } from 'zod';
import { guardFields } from '../guards/guard-plan';

const name = z.string().refine(isName, 'must be lower-case letters, digits and hyphens, 63 at most');
const percent = z.number().positive().max(99);
const version = z.int().min(1).max(2_147_483_647);
const rate = z.number().min(0).max(1);

/**
 * A gate. Shown to be worse than the champion by more than `tolerance`, the canary goes back. A step is passed once
 * each side has `minimum` observations and the canary is shown to be worse by less than `margin` (1: nothing to be shown).
 */
const gate = (tolerance: number, margin: number, minimum: number) => ({
  tolerance: rate.default(tolerance),
  margin: rate.default(margin),
  minimum: z.int().min(1).max(10_000_000).default(minimum),
});

const Gates = z
  .strictObject({
    /** Requests that the engine failed. */
    errors: z.strictObject(gate(0.01, 0.05, 200)).optional(),
    /** Requests that took the engine longer than `milliseconds`. */
    latency: z
      .strictObject({
        ...gate(0.05, 0.1, 200),
        milliseconds: z.number().positive().max(60_000).default(50),
      })
      .optional(),
    /** Rows on which the canary's label is not the champion's. */
    agreement: z.strictObject(gate(0.3, 0.4, 200)).optional(),
    /** Largest distance between the distributions of the two scores. */
    scoreDrift: z.strictObject(gate(0.15, 0.3, 200)).optional(),
    /** By how much a group's share of favourable decisions falls. */
    fairness: z.strictObject(gate(0.1, 0.25, 100)).optional(),
    /** Rows whose label was not what came true. */
    outcomes: z.strictObject(gate(0, 0.1, 100)).optional(),
  })
  .refine((gates) => Object.keys(gates).length > 0, 'must name at least one gate');
export type Gates = z.output<typeof Gates>;

const Canary = z.strictObject({
  /** The alias whose version is tried. */
  alias: name.default('canary'),
  /** Percent of the requests, step by step. */
  steps: z
    .array(percent)
    .min(1)
    .max(10)
    .refine((steps) => steps.every((step, i) => i === 0 || step > steps[i - 1]!), 'must rise')
    .default([5, 25, 50]),
  /** Chance that a canary that is no worse than the champion is ever rolled back, over all gates, steps and looks. */
  falseRollbackRate: z.number().min(0.0001).max(0.2).default(0.05),
  /** A step takes at least so long. */
  minimumSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(0),
  gates: Gates.prefault({ errors: {}, latency: {}, outcomes: {} }),
});
export type Canary = z.output<typeof Canary>;

const Arm = z
  .strictObject({ alias: name.optional(), version: version.optional(), percent })
  .refine(
    ({ alias, version: of }) => (alias === undefined) !== (of === undefined),
    'names an alias or a version',
  );

const PredictionLogPlan = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('required') }),
  z.strictObject({ mode: z.literal('buffered') }),
  /** `rate` of the predictions, chosen by their ids, go through the buffer; the others are not logged. */
  z.strictObject({ mode: z.literal('sampled'), rate: z.number().positive().max(1) }),
]);
export type PredictionLogPlan = z.output<typeof PredictionLogPlan>;

/** How a model is served. Written as YAML by people. */
export const DeploymentPlan = z.strictObject({
  /** Who meets the same version again: the data subject where one is named (else the request), or nobody. */
  sticky: z.enum(['subject', 'request']).default('subject'),
  canary: Canary.optional(),
  /** Scores the same rows after the answer; callers never see it. */
  shadow: z
    .strictObject({ alias: name.default('shadow'), percent: z.number().positive().max(100).default(100) })
    .optional(),
  /** Versions that are compared side by side, beside the champion, which answers the rest. */
  arms: z.array(Arm).max(8).default([]),
  /** What a caller may pin beside the versions that have traffic, of those that were approved to answer. */
  versions: z
    .discriminatedUnion('policy', [
      z.strictObject({ policy: z.literal('latest'), count: z.int().min(1).max(16).default(1) }),
      z.strictObject({ policy: z.literal('all') }),
      z.strictObject({ policy: z.literal('specific'), versions: z.array(version).min(1).max(16) }),
    ])
    .prefault({ policy: 'latest' }),
  /** Names for versions, beside the aliases, which are labels too. */
  labels: z
    .record(name, version)
    .refine((labels) => Object.keys(labels).length <= 20, 'at most 20')
    .default({}),
  log: PredictionLogPlan.prefault({ mode: 'required' }),
  ...guardFields,
});
export type DeploymentPlan = z.output<typeof DeploymentPlan>;

/** How a model is served of which nobody said anything: by its champion alone. */
export const DEFAULT_PLAN: DeploymentPlan = Object.freeze(DeploymentPlan.parse({}));

/** The alias under which a version was approved to be scored, but not to answer. */
export const SHADOW_ALIAS = 'shadow';

export const planDigest = (plan: DeploymentPlan): string => sha256(JSON.stringify(plan));

/** What the schema cannot say. Throws AppError `INFERENCE.PLAN_INVALID`. */
export function checkPlan(plan: DeploymentPlan): void {
  const { canary, arms, shadow } = plan;
  const share = arms.reduce((sum, arm) => sum + arm.percent, canary?.steps.at(-1) ?? 0);
  if (share > 99) {
    throw invalid(
      `Arms and the canary's last step take ${share} % together; the champion must keep at least 1 %.`,
    );
  }
  for (const [name, { tolerance, margin }] of Object.entries(canary?.gates ?? {})) {
    if (margin <= tolerance)
      throw invalid(`The gate ${name} can never be passed: its margin must be above its tolerance.`);
  }
  const answering = [...(canary ? [canary.alias] : []), ...arms.flatMap(({ alias }) => alias ?? [])];
  if (answering.includes(SHADOW_ALIAS)) {
    throw invalid('What the alias shadow points to was not approved to answer callers; use another alias.');
  }
  if ([...answering, ...(shadow ? [shadow.alias] : [])].includes('champion')) {
    throw invalid(
      'The champion answers what canary and arms leave; it cannot be one of them, nor its own shadow.',
    );
  }
  const names = [...answering, ...arms.flatMap(({ version: of }) => (of === undefined ? [] : [String(of)]))];
  if (new Set(names).size < names.length)
    throw invalid('Canary and arms must be of different aliases or versions.');
}

const invalid = (message: string) => errors.invalid('INFERENCE.PLAN_INVALID', message);
