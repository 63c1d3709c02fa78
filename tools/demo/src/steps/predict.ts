import type { DemoContext } from '../demo-context';
import { applications, requestColumns, type LendingFile } from '../lending-data';
import { hold, until } from '../until';

const ROWS_A_REQUEST = 5;
const SUBJECTS_A_CALL = 500;
const OUTCOMES_A_CALL = 500;
const AT_ONCE = 8;
const ANSWER_MS = 30_000;

export interface WindowAnswer {
  readonly id: string;
  readonly state: string;
  readonly modelVersion: number;
  readonly rows: number;
  readonly outcomes: number;
  readonly verdict: string | null;
  readonly judgedAt: string | null;
  readonly report: {
    readonly drift: DriftAnswer;
    readonly previousDrift: DriftAnswer | null;
  } | null;
}

interface DriftAnswer {
  readonly verdict: string;
  readonly columns: readonly { readonly name: string; readonly psi: number; readonly verdict: string }[];
}

/** Pseudonyms of the applicants, from ingestion, which knows them or makes them. */
async function resolve({ caller, project }: DemoContext, applicants: readonly string[]): Promise<string[]> {
  const pseudonyms: string[] = [];
  for (let at = 0; at < applicants.length; at += SUBJECTS_A_CALL) {
    const answer = await caller.post<{ pseudonyms: string[] }>(
      `/ingestion/v1/projects/${project}/subjects/resolve`,
      {
        dataset: 'applications',
        identifiers: applicants.slice(at, at + SUBJECTS_A_CALL),
      },
      { again: true },
    );
    pseudonyms.push(...answer.pseudonyms);
  }
  return pseudonyms;
}

/** Sends a file of applications for prediction and posts what really happened. Returns when all were acknowledged. */
export async function sendApplications(context: DemoContext, file: LendingFile): Promise<number> {
  const { caller, inference, options, project, sent, say } = context;
  const rows = applications(file);
  const subjects = await resolve(
    context,
    rows.map((row) => row.applicant ?? ''),
  );
  const starts = Array.from(
    { length: Math.ceil(rows.length / ROWS_A_REQUEST) },
    (_, index) => index * ROWS_A_REQUEST,
  );
  const outcomes: { prediction: string; label: string }[] = [];
  const send = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const part = rows.slice(start, start + ROWS_A_REQUEST);
      const columns = requestColumns(part, subjects.slice(start, start + ROWS_A_REQUEST));
      const answers = await until('inference to answer', ANSWER_MS, () =>
        inference.predict(`${project}.approval`, columns).catch((error: { kind?: string }) => {
          // Sent and not answered: it may be in the log all the same, under an id that nobody knows.
          if (error.kind === 'unavailable') context.unanswered += part.length;
          throw error;
        }),
      );
      answers.forEach(({ prediction }, index) => {
        sent.push({ application: part[index]!, prediction });
        outcomes.push({ prediction, label: part[index]!.deny ?? '' });
      });
      say(`${outcomes.length} of ${rows.length} predicted`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  hold(outcomes.length === rows.length, `${rows.length} rows were sent and ${outcomes.length} answered.`);
  if (options.broken === 'labels') return rows.length;
  for (let at = 0; at < outcomes.length; at += OUTCOMES_A_CALL) {
    await caller.post(
      `/inference/v1/projects/${project}/outcomes`,
      {
        outcomes: outcomes.slice(at, at + OUTCOMES_A_CALL),
      },
      { again: true },
    );
  }
  return rows.length;
}

export async function windows({ engineer, project }: DemoContext): Promise<WindowAnswer[]> {
  const list: WindowAnswer[] = [];
  for await (const window of engineer.all<WindowAnswer>(`/monitoring/v1/projects/${project}/windows`, {
    monitor: 'approval',
  }))
    list.push(window);
  return list.reverse();
}

/** What monitoring has counted, over all versions of the model. */
export async function observed({
  engineer,
  project,
}: DemoContext): Promise<{ predictions: number; joined: number }> {
  const { items } = await engineer.get<{ items: { predictions: number; joined: number }[] }>(
    `/monitoring/v1/projects/${project}/observed`,
  );
  return {
    predictions: items.reduce((sum, each) => sum + each.predictions, 0),
    joined: items.reduce((sum, each) => sum + each.joined, 0),
  };
}

/** The next full window that is judged beyond the `known` ones. */
export async function nextJudged(context: DemoContext, known: ReadonlySet<string>): Promise<WindowAnswer> {
  return until('a full window to be judged', 30_000, async () =>
    (await windows(context)).find(
      (window) => window.state === 'judged' && window.report !== null && !known.has(window.id),
    ),
  );
}

export const psiOf = (report: DriftAnswer | null | undefined): Record<string, number> =>
  Object.fromEntries((report?.columns ?? []).map(({ name, psi }) => [name, Number(psi.toFixed(4))]));
