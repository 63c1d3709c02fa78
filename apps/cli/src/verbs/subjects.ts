import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { verifyDocument, VerifierKey, type SignedDocument } from '@steward/audit-log';
import { RefusalGrounds, SubjectRequestKinds } from '@steward/contracts';
import { isPseudonym } from '@steward/kernel';
import { askSecret } from '../ask';
import { usage } from '../cli-error';
import { time, words } from '../format';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

/** As governance signs it (apps/governance/src/subject-requests). */
const CERTIFICATE_KIND = 'steward-erasure-certificate/1';
interface RequestAnswer {
  readonly id: string;
  readonly pseudonym: string;
  readonly kind: string;
  readonly state: string;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly responsible: string | null;
  readonly ground: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly steps?: readonly { readonly service: string; readonly state: string }[];
}

interface Certificate {
  readonly requestId: string;
  readonly pseudonym: string;
  readonly completedAt: string;
  readonly services: readonly {
    readonly service: string;
    readonly destroyed: readonly { readonly store: string; readonly items: number }[];
    readonly remaining: readonly { readonly name: string; readonly until: string | null }[];
  }[];
  readonly models: readonly { readonly model: string; readonly version: number }[];
}

type Options = CommonOptions & Readonly<Record<string, string | number | boolean | undefined>>;

/** Requests of data subjects. An identifier is asked for, never an argument: arguments stay in histories and logs. */
export const registerSubjects: Verb = (program, open) => {
  const subjects = program.command('subjects').description('requests of data subjects (GDPR 15 to 21)');
  const verb = (name: string, about: string): Command => common(subjects.command(name)).description(about);

  verb('find', 'the pseudonym of a person; the identifier is asked for, or the first line of the input')
    .requiredOption('-d, --dataset <dataset>', 'whose contract names people by this identifier')
    .action(async (options: Options) => find(open(options), String(options['dataset'])));

  verb('request', 'opens a request; the clock of one month runs')
    .argument('<pseudonym>', 'of the subject, as `steward subjects find` gives it')
    .addOption(
      new Option('--kind <kind>', 'what is asked for').choices(SubjectRequestKinds).makeOptionMandatory(),
    )
    .option('--received <time>', 'when it was received (ISO 8601); default: now')
    .action(async (pseudonym: string, options: Options) => request(open(options), pseudonym, options));

  verb('status', 'requests, newest first; or one')
    .argument('[id]', 'a request')
    .option('--overdue', 'only open ones whose time has run out')
    .option('--limit <requests>', 'at most so many', positive, 50)
    .action(async (id: string | undefined, options: Options) => {
      const session = open(options);
      return id === undefined ? list(session, options) : show(session, await read(session, id));
    });

  verb('assign', 'names the person who answers for it')
    .argument('<id>')
    .requiredOption('--person <id>', 'principal id of an active person who may handle requests')
    .action(async (id: string, options: Options) =>
      act(open(options), id, 'assign', { person: options['person'] }),
    );

  verb('evidence', 'adds evidence; of kind identity before it runs')
    .argument('<id>')
    .addOption(new Option('--kind <kind>', 'of what').choices(['identity', 'evidence']).default('identity'))
    .option('--text <text>', 'what was seen')
    .option('--digest <sha256>', 'of a document that is kept elsewhere')
    .action(async (id: string, options: Options) => {
      const { kind, text, digest } = options;
      return act(open(options), id, 'evidence', { kind, text, digest });
    });

  verb('extend', 'extends the time, once, with the reason that the subject is told')
    .argument('<id>')
    .requiredOption('--months <months>', '1 or 2', positive)
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, options: Options) => {
      const { months, reason } = options;
      return act(open(options), id, 'extend', { months, reason });
    });

  verb('run', 'carries it out: erases, gathers, restricts')
    .argument('<id>')
    .action(async (id: string, options: Options) => act(open(options), id, 'run', {}));

  verb('refuse', 'refuses it on a ground, with the reason that the subject is told')
    .argument('<id>')
    .addOption(
      new Option('--ground <ground>', 'on what ground').choices(RefusalGrounds).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, options: Options) => {
      const { ground, reason } = options;
      return act(open(options), id, 'refuse', { ground, reason });
    });

  verb('withdraw', 'ends it because the subject withdrew it')
    .argument('<id>')
    .action(async (id: string, options: Options) => act(open(options), id, 'withdraw', {}));

  verb('rectify', 'corrects rows of the subject for a request of kind rectification')
    .argument('<id>')
    .requiredOption('-d, --dataset <dataset>', 'whose rows')
    .requiredOption('--corrections <file>', 'JSON: [{ "column": ..., "value": ... }], null is missing')
    .action(async (id: string, options: Options) => rectify(open(options), id, options));

  verb('lift', 'lifts a restriction or an objection')
    .argument('<pseudonym>')
    .addOption(
      new Option('--because <reason>', 'which').choices(['restriction', 'objection']).makeOptionMandatory(),
    )
    .action(async (pseudonym: string, options: Options) => lift(open(options), pseudonym, options));

  verb('certificate', 'the signed certificate of an erasure, verified')
    .argument('<id>')
    .option('--out <file>', 'also write it into a file')
    .action(async (id: string, options: Options) => certificate(open(options), id, options['out']));

  verb('archive', 'downloads what was gathered (ZIP); each download is audited')
    .argument('<id>')
    .requiredOption('--out <file>', 'where to')
    .action(async (id: string, options: Options) => archive(open(options), id, String(options['out'])));
};

const pathOf = (session: Session, ...rest: string[]): string =>
  session.path('governance', 'subject-requests', ...rest);

const read = (session: Session, id: string): Promise<RequestAnswer> =>
  session.client.get<RequestAnswer>(pathOf(session, id));

function requirePseudonym(text: string): void {
  // Not repeated: it may be a name.
  if (!isPseudonym(text))
    throw usage('A subject is named by its pseudonym: steward subjects find --dataset DATASET');
}

async function find(session: Session, dataset: string): Promise<void> {
  const identifier = await askSecret(session.terminal, 'Identifier: ');
  const answer = await session.client.post<{ pseudonym: string | null }>(
    session.path('ingestion', 'subjects', 'find'),
    { dataset, identifier },
  );
  session.show(answer, () => answer.pseudonym ?? 'Nobody is known by this identifier.');
  if (answer.pseudonym === null) session.fail();
}

async function request(session: Session, pseudonym: string, options: Options): Promise<void> {
  requirePseudonym(pseudonym);
  const { kind, received: receivedAt } = options;
  show(session, await session.client.post<RequestAnswer>(pathOf(session), { pseudonym, kind, receivedAt }));
}

async function act(session: Session, id: string, what: string, body: object): Promise<void> {
  show(session, await session.client.post<RequestAnswer>(pathOf(session, id, what), body));
}

async function list(session: Session, options: Options): Promise<void> {
  const page = await session.client.get<{ items: RequestAnswer[]; next: string | null }>(pathOf(session), {
    limit: Math.min(Number(options['limit']), 200),
    overdue: options['overdue'] === true ? 'true' : undefined,
  });
  session.show(page, () =>
    table(
      ['request', 'kind', 'state', 'received (UTC)', 'due (UTC)', 'responsible'],
      page.items.map((each) => [
        each.id,
        each.kind,
        words(each.state),
        time(each.receivedAt),
        `${time(each.dueAt)}${each.overdue ? ' overdue' : ''}`,
        each.responsible ?? 'nobody',
      ]),
      'No request of a data subject.',
    ),
  );
}

function show(session: Session, answer: RequestAnswer): void {
  session.show(answer, () =>
    facts([
      ['Request', `${answer.id}, ${answer.kind}`],
      ['Subject', answer.pseudonym],
      ['State', `${words(answer.state)}${answer.ground === null ? '' : ` (${words(answer.ground)})`}`],
      ['Due', `${time(answer.dueAt)} UTC${answer.overdue ? ', overdue' : ''}`],
      ['Responsible', answer.responsible ?? 'nobody yet'],
      ...(answer.steps ?? []).map((step): [string, string] => [step.service, words(step.state)]),
      ...Object.entries(answer.result ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
    ]),
  );
}

async function rectify(session: Session, id: string, options: Options): Promise<void> {
  const { pseudonym } = await read(session, id);
  const file = String(options['corrections']);
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`${file} cannot be read.`);
  });
  const corrections = parsed(text, file);
  const body = { request: id, dataset: options['dataset'], corrections };
  const made = await session.client.post<{ dataset: string; version: number }>(
    session.path('ingestion', 'subjects', pseudonym, 'rectifications'),
    body,
  );
  session.show(made, () => `Version ${made.version} of ${made.dataset} holds the corrected rows.`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${file} is not JSON.`);
  }
}

async function lift(session: Session, pseudonym: string, options: Options): Promise<void> {
  requirePseudonym(pseudonym);
  const path = session.path('governance', 'subject-terms', pseudonym, 'lift');
  const answer = await session.client.post<{ lifted: string }>(path, { because: options['because'] });
  session.show(answer, () => `The ${answer.lifted} is lifted.`);
}

async function certificate(session: Session, id: string, out: Options[string]): Promise<void> {
  const signed = await session.client.get<SignedDocument<Certificate>>(pathOf(session, id, 'certificate'));
  const { publicKey } = await session.anonymous.get<{ publicKey: string }>('/governance/v1/audit/public-key');
  verifyDocument(CERTIFICATE_KIND, signed, VerifierKey.parse(publicKey));
  if (typeof out === 'string')
    await pipeline(Readable.from([JSON.stringify(signed, null, 2)]), createWriteStream(out));
  const { document } = signed;
  session.show(signed, () =>
    [
      `Erased: ${document.pseudonym}, ${time(document.completedAt)} UTC. The signature holds (digest ${signed.digest}).`,
      '',
      table(
        ['service', 'destroyed', 'items', 'stays', 'until (UTC)'],
        document.services.flatMap(({ service, destroyed, remaining }) => [
          ...destroyed.map((part) => [service, part.store, part.items, '', '']),
          ...remaining.map((part) => [
            service,
            '',
            '',
            part.name,
            part.until === null ? 'no end' : time(part.until),
          ]),
        ]),
        'Nothing was held.',
      ),
      '',
      document.models.length === 0
        ? 'No model had learnt from it.'
        : `Models that had learnt from it: ${document.models.map(({ model, version }) => `${model} v${version}`).join(', ')}.`,
    ].join('\n'),
  );
}

async function archive(session: Session, id: string, file: string): Promise<void> {
  await session
    .progress(`writing ${file}`)
    .during(() =>
      pipeline(
        Readable.from(session.client.stream(pathOf(session, id, 'archive'))),
        createWriteStream(file, { mode: 0o600 }),
      ),
    );
  session.show({ file }, () => `Written to ${file}. It holds personal data.`);
}
