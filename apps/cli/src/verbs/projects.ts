import type { ColleagueAnswer } from '@steward/client/answers';
import { Option } from 'commander';
import { usage } from '../cli-error';
import { time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { collect, common, type Verb } from '../verb';

interface ProjectAnswer {
  readonly project: string;
  readonly state: 'active' | 'archived';
  readonly tags: readonly string[];
  readonly objects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly tags: readonly string[];
  }[];
  readonly createdAt: string;
}
interface ChangeOptions extends CommonOptions {
  readonly tag?: readonly string[];
  readonly noTags?: boolean;
  readonly archive?: boolean;
  readonly open?: boolean;
}

const KINDS = ['dataset', 'pipeline', 'model'];

export const registerProjects: Verb = (program, open) => {
  const projects = program.command('projects').description('projects: list, add, change, tag, people');
  common(projects.command('list'))
    .description('the projects that one may see')
    .action(async (options: CommonOptions) => list(open(options)));
  common(projects.command('add'))
    .description('make a project')
    .argument('<name>')
    .option('--tag <tag>', 'by which rules of roles tell projects apart; several times', collect)
    .action(async (name: string, options: ChangeOptions) => add(open(options), name, options.tag ?? []));
  common(projects.command('change'))
    .description('set the tags, archive (only to be read from then on), or open again')
    .argument('<name>')
    .option('--tag <tag>', 'all tags that it is to have; several times', collect)
    .option('--untag', 'no tags')
    .addOption(new Option('--archive').conflicts('open'))
    .option('--open')
    .action(async (name: string, options: ChangeOptions & { untag?: boolean }) =>
      change(open(options), name, options),
    );
  common(projects.command('tag'))
    .description('tags of datasets, pipelines and models, by which rules of roles tell them apart')
    .argument('[thing]', 'dataset/NAME, pipeline/NAME or model/NAME; without: what carries tags')
    .option('--tag <tag>', 'all tags that it is to have; several times', collect)
    .option('--untag', 'no tags')
    .action(async (thing: string | undefined, options: ChangeOptions & { untag?: boolean }) =>
      tagThing(open(options), thing, options),
    );
  common(projects.command('people'))
    .description('the people who hold a role in the project or in all, by name')
    .action(async (options: CommonOptions) => people(open(options)));
};

/** Shows what carries tags of its own, or sets those of one thing. */
async function tagThing(
  session: Session,
  thing: string | undefined,
  { tag, untag }: ChangeOptions & { untag?: boolean },
): Promise<void> {
  const project = `/governance/v1/projects/${encodeURIComponent(session.project)}`;
  if (thing === undefined) {
    if (tag || untag) throw usage('Name what is to be tagged: KIND/NAME.');
    const shown = await session.client.get<ProjectAnswer>(project);
    session.show({ items: shown.objects }, () => tagTable(shown));
    return;
  }
  const [kind = '', name = '', ...rest] = thing.split('/');
  if (!KINDS.includes(kind) || name === '' || rest.length > 0)
    throw usage(`Name a thing as KIND/NAME; a kind is one of ${KINDS.join(', ')}.`);
  if (!untag && !tag) throw usage('Say --tag or --untag.');
  const changed = await session.client.put<ProjectAnswer>(
    `${project}/tags/${kind}/${encodeURIComponent(name)}`,
    { tags: untag ? [] : tag },
  );
  session.show(changed, () => tagTable(changed));
}

const tagTable = ({ project, objects = [] }: ProjectAnswer): string =>
  table(
    ['what', 'tags'],
    objects.map(({ kind, name, tags }) => [`${kind}/${name}`, tags.join(', ')]),
    `Nothing in ${project} carries tags of its own.`,
  );

async function list(session: Session): Promise<void> {
  const items: ProjectAnswer[] = [];
  for await (const each of session.client.all<ProjectAnswer>('/governance/v1/projects')) items.push(each);
  session.show({ items }, () =>
    table(
      ['project', 'state', 'tags', 'since (UTC)'],
      items.map((each) => [each.project, each.state, each.tags.join(', '), time(each.createdAt)]),
      'There is no project that you may see.',
    ),
  );
}

async function people(session: Session): Promise<void> {
  const items: ColleagueAnswer[] = [];
  const path = session.path('governance', 'people');
  for await (const each of session.client.all<ColleagueAnswer>(path)) items.push(each);
  session.show({ items }, () =>
    table(
      ['name', 'display name', 'id'],
      items.map(({ id, name, displayName }) => [name, displayName, id]),
      `Nobody holds a role in ${session.project}.`,
    ),
  );
}

async function add(session: Session, project: string, tags: readonly string[]): Promise<void> {
  const made = await session.client.post<ProjectAnswer>('/governance/v1/projects', { project, tags });
  session.show(made, () => `Project ${project} is made.`);
}

async function change(
  session: Session,
  name: string,
  { tag, untag, archive, open }: ChangeOptions & { untag?: boolean },
): Promise<void> {
  const body = {
    ...(untag ? { tags: [] } : tag ? { tags: tag } : {}),
    ...(archive ? { state: 'archived' } : open ? { state: 'active' } : {}),
  };
  if (Object.keys(body).length === 0) throw usage('Say --tag, --untag, --archive or --open.');
  const changed = await session.client.patch<ProjectAnswer>(
    `/governance/v1/projects/${encodeURIComponent(name)}`,
    body,
  );
  session.show(
    changed,
    () => `Project ${name} is ${changed.state}, tags: ${changed.tags.join(', ') || 'none'}.`,
  );
}
