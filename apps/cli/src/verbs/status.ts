import { Services, type ServiceName } from '@steward/contracts';
import { AppError } from '@steward/kernel';
import type { StewardClient } from '@steward/client';
import type {
  AlertAnswer,
  ApprovalAnswer,
  DeadLetterAnswer,
  HealthAnswer,
  Page,
  RetrainAnswer,
} from '@steward/client/answers';
import { words } from '../format';
import { People } from '../people';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, type Verb } from '../verb';

export const registerStatus: Verb = (program, open) => {
  common(program.command('status'))
    .description('whether every service is well, and what waits for whom')
    .action(async (options: CommonOptions) => status(open(options)));
};

interface ServiceState {
  readonly service: ServiceName;
  readonly ready: boolean;
  readonly detail: string | null;
}

interface Waiting {
  readonly what: 'approval' | 'alert' | 'retraining' | 'dead letters' | 'not visible';
  readonly project: string | null;
  readonly subject: string;
  readonly waitsFor: string;
}

const MOST_PROJECTS = 50;

async function status(session: Session): Promise<void> {
  const { services, waiting } = await session.progress('asking every service').during(async () => ({
    services: await Promise.all(Services.map((service) => health(session.anonymous, service))),
    waiting: session.credential === null ? null : await collectWaiting(session),
  }));
  if (services.some(({ ready }) => !ready)) session.fail();
  session.show({ url: session.url, services, waiting }, () =>
    [
      table(
        ['service', 'state', 'what is wrong'],
        services.map(({ service, ready, detail }) => [service, ready ? 'ready' : 'NOT READY', detail ?? '']),
        '',
      ),
      '',
      waiting === null
        ? 'Log in to see what waits for whom: steward login USER'
        : table(
            ['waiting', 'project', 'subject', 'for'],
            waiting.map((each) => [each.what, each.project, each.subject, each.waitsFor]),
            'Nothing waits for anybody.',
          ),
    ].join('\n'),
  );
}

async function health(client: StewardClient, service: ServiceName): Promise<ServiceState> {
  const { ok, status: code, answer } = await client.probe(`/${service}/health/ready`);
  if (ok) return { service, ready: true, detail: null };
  const { checks, detail } = (answer ?? {}) as Partial<HealthAnswer> & { detail?: string };
  const failed = Object.entries(checks ?? {})
    .filter(([, check]) => !check.ok)
    .map(([name, check]) => `${name}${check.detail ? ` (${check.detail})` : ''}`);
  return { service, ready: false, detail: failed.join(', ') || detail || `answered ${code}` };
}

async function collectWaiting(session: Session): Promise<Waiting[]> {
  const { client, chosenProject } = session;
  const projects = chosenProject === null ? await visibleProjects(client) : [chosenProject];
  const people = new People(client);
  const parts = [
    ...projects.flatMap((project) => [
      guarded(project, 'approvals', () => approvals(client, project, people)),
      guarded(project, 'alerts', () => alerts(client, project)),
      guarded(project, 'retrain requests', () => retraining(client, project)),
    ]),
    ...Services.map((service) =>
      guarded(null, `dead letters of ${service}`, () => deadLetters(client, service)),
    ),
  ];
  return (await Promise.all(parts)).flat();
}

async function visibleProjects(client: StewardClient): Promise<string[]> {
  const { items } = await client.get<Page<{ project: string }>>('/governance/v1/projects', {
    limit: MOST_PROJECTS,
  });
  return items.map(({ project }) => project);
}

/** What the caller may not see, or a service cannot say now, is named instead of left out. */
async function guarded(
  project: string | null,
  what: string,
  look: () => Promise<Waiting[]>,
): Promise<Waiting[]> {
  try {
    return await look();
  } catch (error) {
    if (!AppError.is(error)) throw error;
    if (error.code === 'CLIENT.UNREACHABLE' || error.kind === 'unauthenticated') throw error;
    return [{ what: 'not visible', project, subject: what, waitsFor: error.message }];
  }
}

const base = (service: ServiceName, project: string): string =>
  `/${service}/v1/projects/${encodeURIComponent(project)}`;

async function approvals(client: StewardClient, project: string, people: People): Promise<Waiting[]> {
  const { items } = await client.get<Page<ApprovalAnswer>>(`${base('governance', project)}/approvals`, {
    state: 'open',
    limit: 200,
  });
  return Promise.all(
    items.map(async ({ id, model, version, alias, gates, excluded }) => {
      const failed = gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
      const names = [...(await people.map(excluded.map(({ person }) => person))).values()];
      return {
        what: 'approval' as const,
        project,
        subject: `${model} v${version} to become ${alias} (${id})${failed.length > 0 ? `, failed: ${failed.join(', ')}` : ''}`,
        waitsFor: names.length > 0 ? `an approver, not ${names.join(', ')}` : 'an approver',
      };
    }),
  );
}

async function alerts(client: StewardClient, project: string): Promise<Waiting[]> {
  const { items } = await client.get<Page<AlertAnswer>>(`${base('monitoring', project)}/alerts`, {
    state: 'open',
    limit: 200,
  });
  return items.map(({ kind, model, modelVersion, columns, acknowledgedBy }) => ({
    what: 'alert' as const,
    project,
    subject: `${words(kind)} of ${model} v${modelVersion}: ${columns.join(', ')}`,
    waitsFor: acknowledgedBy === null ? 'somebody to look at it' : 'a full window without findings',
  }));
}

async function retraining(client: StewardClient, project: string): Promise<Waiting[]> {
  const { items } = await client.get<Page<RetrainAnswer>>(`${base('training', project)}/retrain-requests`, {
    limit: 200,
  });
  return items
    .filter(({ state }) => state === 'waiting_for_outcomes' || state === 'training')
    .map(({ model, state, explanation }) => ({
      what: 'retraining' as const,
      project,
      subject: `${model}: ${explanation}`,
      waitsFor: state === 'training' ? 'its run' : 'outcomes',
    }));
}

async function deadLetters(client: StewardClient, service: ServiceName): Promise<Waiting[]> {
  const { items, next } = await client.get<Page<DeadLetterAnswer>>(`/${service}/v1/dead-letters`, {
    state: 'waiting',
    limit: 1_000,
  });
  if (items.length === 0) return [];
  return [
    {
      what: 'dead letters',
      project: null,
      subject: `${items.length}${next === null ? '' : ' or more'} of ${service}`,
      waitsFor: 'an operator: steward deadletters',
    },
  ];
}
