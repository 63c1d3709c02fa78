import canonicalize from 'canonicalize';
import { AppError, errors, isName, sha256 } from '@steward/kernel';
import { z } from 'zod';

/** Figures by which learners are compared over the folds; `auc` and `accuracy` are better when larger, the others when smaller. */
export const Metrics = ['auc', 'logLoss', 'brier', 'accuracy'] as const;
export type Metric = (typeof Metrics)[number];

const name = z.string().refine(isName, {
  error: 'must be lower-case letters, digits and hyphens, beginning with a letter, 63 at most',
});
const columnName = z.string().min(1).max(200);

/** Boosted trees. Names and defaults are the pipeline's own; `learner-spec.ts` maps them to libs/learning. */
const GbmLearner = z.strictObject({
  kind: z.literal('gbm'),
  params: z
    .strictObject({
      trees: z.int().min(1).max(5_000).default(100),
      learningRate: z.number().gt(0).max(1).default(0.1),
      leaves: z.int().min(2).max(1_024).default(31),
      minimumLeafRows: z.int().min(1).max(100_000).default(20),
      l2: z.number().min(0).max(1e6).default(0),
    })
    .prefault({}),
});

const LogisticLearner = z.strictObject({
  kind: z.literal('logistic'),
  params: z
    .strictObject({
      /** Inverse of the strength of the L2 penalty, as scikit-learn's C. */
      c: z.number().gt(0).max(1e9).default(1),
      iterations: z.int().min(1).max(100_000).default(100),
    })
    .prefault({}),
});

export const LearnerDefinition = z.discriminatedUnion('kind', [GbmLearner, LogisticLearner]);
export type LearnerDefinition = z.output<typeof LearnerDefinition>;

/** How a model is made. The decision threshold, the label and the groups come from the dataset's contract. */
export const PipelineDefinition = z.strictObject({
  dataset: name,
  model: name,
  /** Columns that the model reads: features, or sensitive columns where somebody means it (a gate then says so). */
  inputs: z.array(columnName).min(1).max(2_000),
  learners: z.array(LearnerDefinition).min(1).max(20),
  metric: z.enum(Metrics).default('auc'),
  folds: z.int().min(2).max(20).default(5),
  /** Share of the rows that is kept for evaluation alone. */
  holdOut: z.number().min(0.05).max(0.5).default(0.2),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  /** The alias that a registered version asks to be given. */
  alias: name.default('champion'),
});
export type PipelineDefinition = z.output<typeof PipelineDefinition>;

/** Checks a definition as people wrote it. Throws TRAINING.PIPELINE_INVALID with a sentence for each fault. */
export function parsePipelineDefinition(input: unknown): PipelineDefinition {
  const parsed = PipelineDefinition.safeParse(input);
  if (!parsed.success) throw invalidPipeline(parsed.error.issues.map(sentenceOf));
  const faults = [
    ...twice(parsed.data.inputs).map((input_) => `The input ${input_} is listed twice.`),
    ...twice(parsed.data.learners.map((learner) => canonicalize(learner)!)).map(
      () => 'Two learners are the same, with the same parameters: remove one.',
    ),
  ];
  if (faults.length > 0) throw invalidPipeline(faults);
  return parsed.data;
}

/** SHA-256 over the definition with its defaults filled in, as canonical JSON (RFC 8785). */
export function pipelineDigest(definition: PipelineDefinition): string {
  return sha256(canonicalize(definition)!);
}

/** True if the metric is better when it is larger. */
export function largerIsBetter(metric: Metric): boolean {
  return metric === 'auc' || metric === 'accuracy';
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? 'The pipeline' : `"${issue.path.join('.')}"`;
  if (issue.code === 'unrecognized_keys') return `${where} has unknown settings: ${issue.keys.join(', ')}.`;
  return `${where}: ${issue.message.replace(/\.$/, '')}.`;
}

function twice(list: readonly string[]): string[] {
  return [...new Set(list.filter((entry, i) => list.indexOf(entry) !== i))];
}

function invalidPipeline(faults: readonly string[]): AppError {
  const shown = faults.slice(0, 20);
  return errors.invalid('TRAINING.PIPELINE_INVALID', `The pipeline cannot be used. ${shown.join(' ')}`, {
    details: { faults: shown },
  });
}
