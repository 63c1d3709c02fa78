import type { StewardClient } from '@steward/client';
import type { DemoContext, DemoStep } from '../demo-context';
import { exampleText } from '../lending-data';
import { hold, until } from '../until';

const TRAINING_MS = 180_000;

export interface RunAnswer {
  readonly id: string;
  readonly state: string;
  readonly trigger: string;
  readonly datasetVersion: number;
  readonly progress: { readonly step: string; readonly learner: string | null } | null;
  readonly failureMessage: string | null;
  readonly result: {
    readonly version: number;
    readonly digest: string;
    readonly learner: string;
    readonly metrics: Record<string, number | null>;
    readonly learners: {
      readonly kind: string;
      readonly auc: number | null;
      readonly demographicParityRatio?: number | null;
    }[];
    readonly fairness: { readonly demographicParityRatio: number | null };
    readonly comparison: {
      readonly figures: { rows: number; championAuc: number | null; candidateAuc: number | null };
    } | null;
    readonly sensitiveInputs: string[];
  } | null;
}

/** Waits for the end of a run, telling what it does. */
export async function waitForRun(
  client: StewardClient,
  project: string,
  id: string,
  say: (text: string) => void,
): Promise<RunAnswer> {
  const run = await until(`run ${id}`, TRAINING_MS, async () => {
    const now = await client.get<RunAnswer>(`/training/v1/projects/${project}/runs/${id}`);
    if (now.progress)
      say(
        `${now.progress.step.replaceAll('_', ' ')}${now.progress.learner ? ` (${now.progress.learner})` : ''}`,
      );
    return ['succeeded', 'failed', 'cancelled'].includes(now.state) && now;
  });
  hold(
    run.state === 'succeeded' && run.result !== null,
    `The run ${run.state}: ${run.failureMessage ?? 'no reason was given'}.`,
  );
  return run;
}

/** Starts a run once: where the answer was lost, the run that it started is found in the list. */
async function startRun(engineer: StewardClient, project: string, pipeline: string): Promise<string> {
  const runs = `/training/v1/projects/${project}/runs`;
  const started = await until('training to know the dataset version', 30_000, async () => {
    const { items } = await engineer.get<{ items: RunAnswer[] }>(runs, { pipeline });
    if (items[0]) return items[0];
    return engineer
      .post<{ id: string }>(`/training/v1/projects/${project}/pipelines/${pipeline}/runs`, {})
      .catch((error: { kind?: string }) => {
        if (error.kind === 'not_found' || error.kind === 'conflict') return null;
        throw error;
      });
  });
  return started.id;
}

/** Pipeline and run; also what the twin installation does. */
export async function trainPipeline(
  engineer: StewardClient,
  project: string,
  pipeline: string,
  file: string,
  say: (text: string) => void,
): Promise<RunAnswer> {
  const path = `/training/v1/projects/${project}/pipelines/${pipeline}`;
  // Contract and dataset version reach training by event.
  await until('training to know the contract', 15_000, () =>
    engineer.put(path, exampleText(file), { type: 'application/yaml' }).then(
      () => true,
      (error: { kind?: string; code?: string }) => {
        if (error.kind === 'not_found' || error.kind === 'conflict' || error.kind === 'unauthenticated')
          return false;
        throw error;
      },
    ),
  );
  return waitForRun(engineer, project, await startRun(engineer, project, pipeline), say);
}

function note(context: DemoContext, run: RunAnswer): void {
  (context.summary.runs ??= []).push({
    id: run.id,
    trigger: run.trigger,
    state: run.state,
    datasetVersion: run.datasetVersion,
  });
}

export const train: DemoStep = {
  title: 'Train two learners with five-fold cross-validation; publish the better as ONNX',
  run: async (context) => {
    const run = await trainPipeline(
      context.engineer,
      context.project,
      'approval',
      'pipeline.yaml',
      context.say,
    );
    note(context, run);
    const { result } = run;
    hold(result !== null, 'The run has no result.');
    context.summary.learners = Object.fromEntries(
      result.learners.map(({ kind, auc, demographicParityRatio = null }) => [
        kind,
        { auc, demographicParityRatio },
      ]),
    );
    context.summary.championLearner = result.learner;
    context.summary.modelDigest = result.digest;
    hold(
      result.sensitiveInputs.length === 0,
      `The model takes ${result.sensitiveInputs.join(', ')} as an input.`,
    );
    const aucs = result.learners.map(({ kind, auc }) => `${kind} ${auc?.toFixed(3) ?? '-'}`);
    return `AUC in cross-validation: ${aucs.join(', ')}; ${result.learner} chosen, hold-out ${result.metrics.auc?.toFixed(3)}; model ${result.digest.slice(0, 12)}`;
  },
};

export const raceModel: DemoStep = {
  title: 'A model that takes race as an input is refused',
  run: async (context) => {
    const run = await trainPipeline(
      context.engineer,
      context.project,
      'approval-with-race',
      'pipeline-with-race.yaml',
      context.say,
    );
    note(context, run);
    const approval = await approvalOf(context, run.result!.digest);
    const failed = approval.gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
    hold(
      failed.includes('noSensitiveInputs'),
      `The gate noSensitiveInputs did not fail; failed are: ${failed.join(', ') || 'none'}.`,
    );
    const refused = await context.approver.post(`${approval.path}/approve`, {}).then(
      () => null,
      (error: { code: string }) => error.code,
    );
    hold(refused !== null, 'The model that takes race as an input could be approved.');
    const mayWaive = approval.waivableBy ?? ['approver'];
    await context.approver.post(`${approval.path}/reject`, {
      reason: 'Race must not be an input of a lending decision.',
    });
    context.summary.raceModel = { failedGates: failed, mayWaive: [...mayWaive], approvalRefused: refused };
    return `gate ${failed.join(', ')} failed, approval refused (${refused}); ${mayWaive.join(', ')} may waive it with a reason; rejected`;
  },
};

export interface ApprovalAnswer {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly state: string;
  readonly gates: readonly { readonly gate: string; readonly passed: boolean }[];
  readonly excluded: readonly { readonly person: string; readonly because: string }[];
  readonly waivableBy?: readonly string[];
  /** Filled here. */
  readonly path: string;
}

/** The approval request for a model's bytes, as soon as governance has it. */
export async function approvalOf(
  { approver, project }: DemoContext,
  digest: string,
): Promise<ApprovalAnswer> {
  const list = `/governance/v1/projects/${project}/approvals`;
  const found = await until('governance to open the approval', 20_000, async () => {
    const { items } = await approver.get<{ items: ApprovalAnswer[] }>(list);
    return items.find((each) => each.digest === digest && each.state === 'open');
  });
  const path = `${list}/${found.id}`;
  return { ...(await approver.get<ApprovalAnswer>(path)), path };
}
