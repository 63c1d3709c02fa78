import { AppError, errors } from '@steward/kernel';
import type { StewardClient } from '@steward/client';
import type {
  AlertAnswer,
  AliasesAnswer,
  ApprovalAnswer,
  EvaluationAnswer,
  ModelVersionAnswer,
  MonitorAnswer,
  RetrainAnswer,
  RunAnswer,
  WindowAnswer,
} from '@steward/client/answers';
import { People } from '../people';
import { collectAudit } from './collect-audit';
import { collectDataset } from './collect-dataset';
import type { Part, ReportData } from './report-data';

export interface ReportRequest {
  readonly project: string;
  readonly model: string;
  /** Newest audit entries to show. */
  readonly entries: number;
}

/** Longest lists that a report shows; what is older is in the API. */
const MOST = { versions: 50, evaluations: 12, runs: 200, windows: 200, alerts: 200 };

/** Asks every service for its part. What cannot be had is a missing part with a reason, except the model itself. */
export async function collectReport(
  client: StewardClient,
  request: ReportRequest,
  onStep: (label: string) => void = () => undefined,
): Promise<ReportData> {
  const { project, model } = request;
  const base = (service: string): string => `/${service}/v1/projects/${encodeURIComponent(project)}`;
  const modelPath = `${base('training')}/models/${encodeURIComponent(model)}`;
  const versions = await take(
    client.all<ModelVersionAnswer>(`${modelPath}/versions`, { limit: 50 }),
    MOST.versions,
  );
  if (versions.length === 0)
    throw errors.notFound(
      'CLI.MODEL_UNKNOWN',
      `There is no model ${model} in the project ${project}. See: steward models`,
    );
  const datasetNames = [...new Set(versions.map(({ descriptor }) => descriptor.dataset))];
  onStep('asking the services');
  const [aliases, runs, approvals, monitors, alerts, retrainRequests, windows, datasets, evaluations, audit] =
    await Promise.all([
      part(() => client.get<AliasesAnswer>(`${modelPath}/aliases`)),
      part(() =>
        filtered(client.all<RunAnswer>(`${base('training')}/runs`, { limit: 200 }), model, MOST.runs),
      ),
      part(() => collectApprovals(client, base('governance'), model)),
      part(async () =>
        ofModel(
          (await client.get<{ items: MonitorAnswer[] }>(`${base('monitoring')}/monitors`)).items,
          model,
        ),
      ),
      part(() =>
        filtered(client.all<AlertAnswer>(`${base('monitoring')}/alerts`, { limit: 200 }), model, MOST.alerts),
      ),
      part(() =>
        filtered(
          client.all<RetrainAnswer>(`${base('training')}/retrain-requests`, { limit: 200 }),
          model,
          MOST.alerts,
        ),
      ),
      part(async () =>
        (
          await filtered(
            client.all<WindowAnswer>(`${base('monitoring')}/windows`, { limit: 50 }),
            model,
            MOST.windows,
          )
        ).reverse(),
      ),
      Promise.all(datasetNames.map((name) => part(() => collectDataset(client, base('ingestion'), name)))),
      collectEvaluations(client, modelPath, versions.slice(0, MOST.evaluations)),
      part(() => collectAudit(client, request, onStep)),
    ]);
  const found = {
    versions,
    aliases,
    runs,
    approvals,
    monitors,
    alerts,
    retrainRequests,
    windows,
    datasets,
    evaluations,
    audit,
  };
  const me = await part(() => client.get<{ name: string }>('/governance/v1/me'));
  return {
    project,
    model,
    source: new URL(client.options.url).host,
    madeAt: new Date().toISOString(),
    madeBy: me.found ? me.value.name : null,
    datasetNames,
    ...found,
    people: await new People(client).map(peopleIn(found)),
  };
}

async function part<T>(look: () => Promise<T>): Promise<Part<T>> {
  try {
    return { found: true, value: await look() };
  } catch (error) {
    // Whoever is not let in, and whatever does not answer, is said in the report; a fault of ours is not hidden.
    if (!AppError.is(error)) throw error;
    return { found: false, why: error.message };
  }
}

async function take<T>(items: AsyncIterable<T>, most: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}

async function filtered<T extends { readonly model: string }>(
  items: AsyncIterable<T>,
  model: string,
  most: number,
): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    if (item.model === model) taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}

const ofModel = (monitors: readonly MonitorAnswer[], model: string): MonitorAnswer[] =>
  monitors.filter(({ definition }) => definition.model === model);

/** Requests of the model, oldest first, each with its decisions. */
async function collectApprovals(
  client: StewardClient,
  base: string,
  model: string,
): Promise<ApprovalAnswer[]> {
  const list = await filtered(
    client.all<ApprovalAnswer>(`${base}/approvals`, { limit: 200 }),
    model,
    MOST.versions,
  );
  const whole: ApprovalAnswer[] = [];
  for (const { id } of list.reverse())
    whole.push(await client.get<ApprovalAnswer>(`${base}/approvals/${encodeURIComponent(id)}`));
  return whole;
}

async function collectEvaluations(
  client: StewardClient,
  modelPath: string,
  versions: readonly ModelVersionAnswer[],
): Promise<Map<number, Part<EvaluationAnswer>>> {
  const found = new Map<number, Part<EvaluationAnswer>>();
  for (const { version } of versions)
    found.set(
      version,
      await part(() => client.get<EvaluationAnswer>(`${modelPath}/versions/${version}/evaluation`)),
    );
  return found;
}

function peopleIn(
  found: Pick<ReportData, 'aliases' | 'runs' | 'approvals' | 'alerts' | 'datasets' | 'monitors' | 'audit'>,
): Set<string> {
  const ids = new Set<string>();
  const { aliases, runs, approvals, alerts, datasets, monitors, audit } = found;
  if (aliases.found)
    for (const { approvers } of aliases.value.history) for (const id of approvers) ids.add(id);
  if (runs.found) for (const { startedBy } of runs.value) ids.add(startedBy);
  if (monitors.found) for (const { changedBy } of monitors.value) ids.add(changedBy);
  if (alerts.found)
    for (const { acknowledgedBy } of alerts.value) if (acknowledgedBy) ids.add(acknowledgedBy);
  for (const dataset of datasets) if (dataset.found) ids.add(dataset.value.contract.changedBy);
  if (approvals.found)
    for (const { excluded, decisions } of approvals.value)
      for (const { person } of [...excluded, ...(decisions ?? [])]) ids.add(person);
  if (audit.found)
    for (const { actor } of audit.value.newest) if (actor.kind !== 'service') ids.add(actor.id);
  return ids;
}
