import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AliasesAnswer, ModelAnswer, ModelVersionAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { figure, short, time, words } from '../format';
import { People } from '../people';
import { registerImport } from './import-model';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly version?: number;
  readonly download?: readonly string[];
  readonly flags?: boolean;
}

const DOWNLOADS: readonly string[] = ['onnx', 'reference', 'evaluation'];

export const registerModels: Verb = (program, open) => {
  const models = common(program.command('models'));
  registerImport(models, open);
  models
    .description('models; of one: versions and alias history, or one version and its files')
    .argument('[model]')
    .option('--version <number>', 'one version', positive)
    .option('--download <kind-and-file...>', `${DOWNLOADS.join(' | ')} of that version into a file`)
    .option('--flags', 'versions that learnt from data which has since been erased or corrected')
    .action(async (model: string | undefined, options: Options) => {
      const session = open(options);
      if (model === undefined) return list(session, options);
      if (options.download !== undefined) return download(session, model, options);
      if (options.flags === true) return flags(session, model);
      if (options.version !== undefined) return version(session, model, options.version);
      return one(session, model);
    });
};

async function list(session: Session, options: Options): Promise<void> {
  if (options.version !== undefined || options.download !== undefined || options.flags !== undefined)
    throw usage('Say of which model: steward models MODEL ...');
  const page = await session.client.get<Page<ModelAnswer>>(session.path('training', 'models'), {
    limit: 200,
  });
  session.show(page, () =>
    table(
      ['model', 'versions', 'newest learner', 'newest AUC', 'registered (UTC)', 'aliases'],
      page.items.map(({ model, versions, newest, aliases }) => [
        model,
        versions,
        newest.learner,
        figure(newest.metrics['auc']),
        time(newest.registeredAt),
        aliases.map(({ alias, version: at }) => `${alias} = v${at}`).join(', '),
      ]),
      'No models yet. A run makes one: steward train PIPELINE',
    ),
  );
}

async function one(session: Session, model: string): Promise<void> {
  const path = session.path('training', 'models', model);
  const versions = await session.client.get<Page<ModelVersionAnswer>>(`${path}/versions`, { limit: 200 });
  const aliases = await session.client.get<AliasesAnswer>(`${path}/aliases`);
  const names = session.json
    ? new Map<string, string>()
    : await new People(session.client).map(aliases.history.flatMap(({ approvers }) => approvers));
  session.show({ model, versions: versions.items, aliases }, () =>
    [
      table(
        ['version', 'learner', 'AUC', 'accuracy', 'data', 'digest', 'registered (UTC)', 'aliases'],
        versions.items.map((each) => [
          each.version,
          each.learner,
          figure(each.metrics['auc']),
          figure(each.metrics['accuracy']),
          `${each.descriptor.dataset}@${each.descriptor.datasetVersion}`,
          short(each.digest),
          time(each.registeredAt),
          aliases.current
            .filter(({ version: at }) => at === each.version)
            .map(({ alias }) => alias)
            .join(', '),
        ]),
        'No versions yet.',
      ),
      '',
      table(
        ['moved (UTC)', 'alias', 'from', 'to', 'approved by', 'request'],
        aliases.history.map((move) => [
          time(move.movedAt),
          move.alias,
          move.previousVersion === null ? 'nothing' : `v${move.previousVersion}`,
          `v${move.version}`,
          move.approvers.map((person) => names.get(person) ?? person).join(', '),
          move.requestId,
        ]),
        'No alias has ever pointed to this model. See: steward approve',
      ),
    ].join('\n'),
  );
}

async function version(session: Session, model: string, number: number): Promise<void> {
  const path = session.path('training', 'models', model, 'versions', number);
  const found = await session.client.get<ModelVersionAnswer>(path);
  const { descriptor } = found;
  session.show(found, () =>
    facts([
      ['Model', `${model} version ${number}, ${found.learner}`],
      ['Digest', found.digest],
      ['Run', found.runId],
      [
        'Data',
        `${descriptor.dataset} version ${descriptor.datasetVersion}, digest ${descriptor.datasetDigest}`,
      ],
      [
        'Hold-out',
        Object.entries(found.metrics)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(', '),
      ],
      ['Inputs', descriptor.inputs.map(({ name, kind }) => `${name} (${kind})`).join(', ')],
      [
        'Decision',
        `${descriptor.classes.at(-1)} from ${descriptor.decisionThreshold}, favourable: ${descriptor.favourable}`,
      ],
      ['Groups', descriptor.groups.join(', ')],
      ['Registered', `${time(found.registeredAt)} UTC`],
    ]),
  );
}

interface FlagsAnswer {
  readonly items: readonly {
    readonly version: number;
    readonly requestId: string;
    readonly because: string;
    readonly flaggedAt: string;
  }[];
}

async function flags(session: Session, model: string): Promise<void> {
  const answer = await session.client.get<FlagsAnswer>(session.path('training', 'models', model, 'flags'));
  session.show(answer, () =>
    table(
      ['version', 'because', 'request of the subject', 'flagged (UTC)'],
      answer.items.map(({ version: number, because, requestId, flaggedAt }) => [
        number,
        words(because),
        requestId,
        time(flaggedAt),
      ]),
      'No version learnt from data that has been erased or corrected since.',
    ),
  );
}

async function download(session: Session, model: string, options: Options): Promise<void> {
  const [kind = '', file, ...rest] = options.download ?? [];
  if (!DOWNLOADS.includes(kind) || file === undefined || rest.length > 0)
    throw usage(
      `Write it like this: steward models ${model} --version N --download ${DOWNLOADS.join('|')} FILE`,
    );
  if (options.version === undefined) throw usage('Say which version: --version N');
  const path = session.path('training', 'models', model, 'versions', options.version, kind);
  await session
    .progress(`writing ${file}`)
    .during(() => pipeline(Readable.from(session.client.stream(path)), createWriteStream(file)));
  session.show({ file }, () => `Written to ${file}.`);
}
