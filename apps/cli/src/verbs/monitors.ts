import type { MonitorAnswer, Page, WindowAnswer } from '@steward/client/answers';
import { usage } from '../cli-error';
import { figure, short, time, words } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly limit: number;
}

export const registerMonitors: Verb = (program, open) => {
  common(program.command('monitors'))
    .description('monitors; of one: what it watches and its windows')
    .argument('[name]')
    .option('-f, --file <file>', 'definition (YAML or JSON) to make or change it')
    .option('--limit <windows>', 'at most so many windows', positive, 20)
    .action(async (name: string | undefined, options: Options) => {
      const session = open(options);
      if (name === undefined) return list(session, options);
      return options.file === undefined ? one(session, name, options) : put(session, name, options.file);
    });
};

async function list(session: Session, { file }: Options): Promise<void> {
  if (file !== undefined) throw usage('Say which monitor: steward monitors NAME --file monitor.yaml');
  const page = await session.client.get<Page<MonitorAnswer>>(session.path('monitoring', 'monitors'));
  session.show(page, () =>
    table(
      ['monitor', 'version', 'model', 'window rows', 'retrains on', 'changed (UTC)'],
      page.items.map(({ name, version, definition, changedAt }) => [
        name,
        version,
        definition.model,
        definition.windowRows,
        definition.retrain.on.map(words).join(', '),
        time(changedAt),
      ]),
      'No monitors yet. Make one: steward monitors NAME --file monitor.yaml',
    ),
  );
}

async function put(session: Session, name: string, file: string): Promise<void> {
  const path = session.path('monitoring', 'monitors', name);
  const answer = await session.client.put<MonitorAnswer>(path, readDefinition(file), {
    type: 'application/yaml',
  });
  session.show(
    answer,
    () =>
      `Monitor ${name} is at version ${answer.version} (${short(answer.digest)}); it watches ${answer.definition.model}.`,
  );
}

async function one(session: Session, name: string, { limit }: Options): Promise<void> {
  const monitor = await session.client.get<MonitorAnswer>(session.path('monitoring', 'monitors', name));
  const windows = await session.client.get<Page<WindowAnswer>>(session.path('monitoring', 'windows'), {
    monitor: name,
    limit: Math.min(limit, 200),
  });
  session.show({ monitor, windows }, () => describe(monitor, windows.items));
}

function describe({ name, version, definition }: MonitorAnswer, windows: readonly WindowAnswer[]): string {
  const { drift, retrain, windowRows, model } = definition;
  return [
    facts([
      ['Monitor', `${name} version ${version}, watches ${model} in windows of ${windowRows} rows`],
      ['Drift', `alert from PSI ${drift.psi} with p < ${drift.pValue}, from ${drift.minimumRows} rows on`],
      ['Fairness', bounds(definition.fairness)],
      ['Performance', bounds(definition.performance)],
      [
        'Retrains',
        retrain.on.length === 0
          ? 'never by itself'
          : `on ${retrain.on.map(words).join(', ')}, from ${retrain.minimumLabelledRows} labelled rows, at most every ${retrain.cooldownSeconds} s`,
      ],
    ]),
    '',
    table(
      ['window', 'model', 'rows', 'outcomes', 'verdict', 'largest PSI', 'judged (UTC)'],
      windows.map((window) => [
        window.id,
        `v${window.modelVersion}`,
        window.rows,
        window.outcomes,
        words(window.verdict ?? window.state),
        worst(window),
        time(window.judgedAt),
      ]),
      'No windows yet: they open with the first prediction of the model.',
    ),
  ].join('\n');
}

const bounds = (settings: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function worst({ report }: WindowAnswer): string {
  const column = report?.drift.columns.toSorted((left, right) => right.psi - left.psi)[0];
  return column ? `${column.name} ${figure(column.psi)}` : '-';
}
