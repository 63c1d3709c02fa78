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
  readonly createdAt: string;
}
interface ChangeOptions extends CommonOptions {
  readonly tag?: readonly string[];
  readonly noTags?: boolean;
  readonly archive?: boolean;
  readonly open?: boolean;
}

export const registerProjects: Verb = (program, open) => {
  const projects = program.command('projects').description('projects: list, add, change');
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
};

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
