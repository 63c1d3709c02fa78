import { join } from 'node:path';
import type { PersonAtBrowser } from './chromium';

/** A page of the console, by the name of its screenshot. */
export interface ConsolePage {
  readonly name: string;
  readonly path: string;
  /** Only once what this selector names is there; charts are drawn late. */
  readonly shows?: string;
}

const CHART = 'figure .recharts-surface';

/** Reads a list of the API as the person who is logged in. */
async function items<T>({ page }: PersonAtBrowser, path: string): Promise<T[]> {
  const answer = await page.evaluate(async (url) => (await fetch(url)).json(), path);
  return (answer as { items?: T[] }).items ?? [];
}

/** Every page of the console, with the ids of what the loop has left. Asked as somebody who may read everything. */
export async function consolePages(person: PersonAtBrowser, project: string): Promise<ConsolePage[]> {
  const of = (service: string, path: string) => `/${service}/v1/projects/${project}/${path}`;
  const runs = await items<{ id: string; trigger: string }>(person, of('training', 'runs'));
  const approvals = await items<{ id: string; replaces: string | null }>(
    person,
    of('governance', 'approvals'),
  );
  const windows = await items<{ id: string; verdict: string | null }>(person, of('monitoring', 'windows'));
  const batches = await items<{ batch: string; quarantined: number }>(
    person,
    of('ingestion', 'datasets/applications/batches'),
  );
  const requests = await items<{ id: string }>(person, of('governance', 'subject-requests'));
  const people = await items<{ id: string; user: string }>(person, '/governance/v1/users');
  const at = `/projects/${project}`;
  const broken = batches.find(({ quarantined }) => quarantined > 0);
  return [
    { name: 'projects', path: '/projects' },
    { name: 'overview', path: at },
    { name: 'approvals', path: `${at}/approvals` },
    {
      name: 'approval',
      path: `${at}/approvals/${approvals.find(({ replaces }) => replaces)?.id}`,
      shows: CHART,
    },
    { name: 'alerts', path: `${at}/alerts` },
    { name: 'datasets', path: `${at}/datasets` },
    { name: 'dataset-contract', path: `${at}/datasets/applications` },
    { name: 'dataset-versions', path: `${at}/datasets/applications?tab=versions` },
    { name: 'dataset-uploads', path: `${at}/datasets/applications?tab=uploads` },
    { name: 'quarantine', path: `${at}/datasets/applications/quarantine/${broken?.batch}` },
    { name: 'pipelines', path: `${at}/pipelines` },
    { name: 'pipeline', path: `${at}/pipelines/approval` },
    { name: 'runs', path: `${at}/runs` },
    { name: 'run', path: `${at}/runs/${runs.find(({ trigger }) => trigger === 'alert')?.id}`, shows: CHART },
    {
      name: 'runs-compared',
      path: `${at}/runs/compare?runs=${runs
        .slice(0, 2)
        .map(({ id }) => id)
        .join(',')}`,
    },
    { name: 'models', path: `${at}/models` },
    { name: 'model', path: `${at}/models/approval` },
    { name: 'model-version', path: `${at}/models/approval/2`, shows: CHART },
    { name: 'deployments', path: `${at}/deployments` },
    { name: 'monitors', path: `${at}/monitors` },
    { name: 'monitor', path: `${at}/monitors/approval`, shows: CHART },
    {
      name: 'window',
      path: `${at}/monitors/approval/windows/${windows.find(({ verdict }) => verdict === 'alarm')?.id}`,
      shows: CHART,
    },
    { name: 'data-subjects', path: `${at}/subject-requests` },
    { name: 'data-subject-request', path: `${at}/subject-requests/${requests[0]?.id}` },
    { name: 'members', path: `${at}/members` },
    { name: 'audit', path: '/audit' },
    { name: 'audit-entry', path: '/audit/12' },
    { name: 'people', path: '/people' },
    { name: 'person', path: `/people/${people.find(({ user }) => user === 'engineer')?.id}` },
    { name: 'roles', path: '/roles' },
    { name: 'role', path: '/roles/tuner' },
    { name: 'permissions', path: '/permissions' },
    { name: 'api-keys', path: '/api-keys' },
    { name: 'sessions', path: '/sessions' },
    { name: 'dead-letters', path: '/dead-letters' },
    { name: 'account', path: '/account' },
    { name: 'not-found', path: '/nowhere' },
  ];
}

/** Opens a page, takes its picture, and says what axe finds in it, light and dark. `inDark`: pictured in the dark too. */
export async function examinePage(
  person: PersonAtBrowser,
  { name, path, shows }: ConsolePage,
  pictures: string,
  inDark: readonly string[],
): Promise<string[]> {
  await person.inScheme('light');
  await person.goTo(path);
  if (shows) await person.page.locator(shows).first().waitFor();
  await person.picture(join(pictures, `${name}.png`));
  const light = await person.violations();
  // Only colours differ in the dark.
  await person.inScheme('dark');
  const dark = await person.violations('color-contrast');
  if (inDark.includes(name)) await person.picture(join(pictures, `${name}-dark.png`));
  const alive = await person.page.locator('img[src="x"]').count();
  return [
    ...light.map((each) => `${name}, light: ${each}`),
    ...dark.map((each) => `${name}, dark: ${each}`),
    ...(alive > 0 ? [`${name}: hostile markup is alive`] : []),
    ...(path.includes('undefined') ? [`${name}: the loop has left nothing to show`] : []),
  ];
}
