import { Argument, InvalidArgumentError } from 'commander';
import { usage } from '../cli-error';
import { count } from '../format';
import type { RequestLimits } from '@steward/client/answers';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

type Of = 'key' | 'project';
interface Limited {
  readonly limits: RequestLimits | null;
}
interface SetOptions extends CommonOptions {
  readonly requests?: number;
  readonly burst?: number;
  readonly rows?: number;
  readonly rowsPerDay?: number;
  readonly concurrent?: number;
}

const of = (): Argument => new Argument('<of>', 'whose limits').choices(['key', 'project']);

export const registerLimits: Verb = (program, open) => {
  const limits = program
    .command('limits')
    .description('how much API keys and projects may ask inference for: show, set, lift');
  common(limits.command('show'))
    .description('the keys and projects that governance limits')
    .action(async (options: CommonOptions) => show(open(options)));
  common(limits.command('set'))
    .description('all limits of a key or a project; what is not said is not limited')
    .addArgument(of())
    .argument('<name>', 'id of the key, or name of the project')
    .option('--requests <n>', 'requests a second', rate)
    .option('--burst <n>', 'requests that may come at once after a pause', positive)
    .option('--rows <n>', 'rows a second', rate)
    .option('--rows-per-day <n>', 'rows in any 24 hours', positive)
    .option('--concurrent <n>', 'requests that each process of inference has in hand at a time', positive)
    .action(async (whose: Of, name: string, options: SetOptions) => set(open(options), whose, name, options));
  common(limits.command('lift'))
    .description('take the limits of a key or a project back; those of the installation hold')
    .addArgument(of())
    .argument('<name>', 'id of the key, or name of the project')
    .action(async (whose: Of, name: string, options: CommonOptions) => lift(open(options), whose, name));
};

function rate(text: string): number {
  const value = Number(text);
  if (!/^\d{1,8}(\.\d{1,6})?$/.test(text) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

const pathOf = (whose: Of, name: string): string =>
  `/governance/v1/${whose === 'key' ? 'api-keys' : 'projects'}/${encodeURIComponent(name)}/limits`;

async function show(session: Session): Promise<void> {
  const items: { of: Of; name: string; limits: RequestLimits }[] = [];
  for await (const { keyId, limits } of session.client.all<Limited & { keyId: string }>(
    '/governance/v1/api-keys',
  ))
    if (limits) items.push({ of: 'key', name: keyId, limits });
  for await (const { project, limits } of session.client.all<Limited & { project: string }>(
    '/governance/v1/projects',
  ))
    if (limits) items.push({ of: 'project', name: project, limits });
  session.show({ items }, () =>
    table(
      ['of', 'name', 'requests/s', 'at once', 'rows/s', 'rows/day', 'in hand'],
      items.map((each) => [each.of, each.name, ...cells(each.limits)]),
      'Governance limits no key and no project.',
    ),
  );
}

const cells = (limits: RequestLimits): string[] => {
  const { requestsPerSecond, burst, rowsPerSecond, rowsPerDay, concurrentRequests } = limits;
  return [requestsPerSecond, burst, rowsPerSecond, rowsPerDay, concurrentRequests].map((value) =>
    value === undefined ? '-' : count(value),
  );
};

async function set(
  session: Session,
  whose: Of,
  name: string,
  { requests, burst, rows, rowsPerDay, concurrent }: SetOptions,
): Promise<void> {
  const limits: RequestLimits = {
    ...(requests === undefined ? {} : { requestsPerSecond: requests }),
    ...(burst === undefined ? {} : { burst }),
    ...(rows === undefined ? {} : { rowsPerSecond: rows }),
    ...(rowsPerDay === undefined ? {} : { rowsPerDay }),
    ...(concurrent === undefined ? {} : { concurrentRequests: concurrent }),
  };
  if (Object.keys(limits).length === 0)
    throw usage('Say --requests, --rows, --rows-per-day or --concurrent; `limits lift` takes limits back.');
  const answer = await session.client.put<object>(pathOf(whose, name), limits);
  session.show(
    answer,
    () => `The limits of ${whose} ${name} are set. Inference applies them within a second.`,
  );
}

async function lift(session: Session, whose: Of, name: string): Promise<void> {
  await session.client.delete(pathOf(whose, name));
  session.show({ lifted: name }, () => `Governance does not limit ${whose} ${name} any more.`);
}
