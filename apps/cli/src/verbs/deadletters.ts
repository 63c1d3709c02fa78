import { Option } from 'commander';
import { Services, type ServiceName } from '@steward/contracts';
import { AppError, errors } from '@steward/kernel';
import type { StewardClient } from '@steward/client';
import type { DeadLetterAnswer, LaterEventAnswer } from '@steward/client/answers';
import { time } from '../format';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, whole, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly service?: ServiceName;
  readonly show?: string;
  readonly replay?: string;
  readonly laterSeen?: number;
  readonly all?: boolean;
}

type Letter = DeadLetterAnswer & { readonly later: readonly LaterEventAnswer[] };

export const registerDeadLetters: Verb = (program, open) => {
  common(program.command('deadletters'))
    .description('events that a service could not handle: list, look at, replay')
    .addOption(new Option('--service <service>', 'only of this service').choices(Services))
    .option('--all', 'those already replayed too')
    .option('--show <id>', 'one of them, with the later events of its key')
    .option('--replay <id>', 'have it handled again')
    .option(
      '--later-seen <offset>',
      'with --replay: offset of the last later event that you have looked at',
      whole,
    )
    .action(async (options: Options) => {
      const session = open(options);
      if (options.replay !== undefined) return replay(session, options.replay, options);
      return options.show === undefined ? list(session, options) : show(session, options.show, options);
    });
};

async function list(session: Session, { service, all }: Options): Promise<void> {
  const { client } = session;
  const items: (DeadLetterAnswer & { service: ServiceName })[] = [];
  for (const each of service === undefined ? Services : [service]) {
    const letters = client.all<DeadLetterAnswer>(`/${each}/v1/dead-letters`, all ? {} : { state: 'waiting' });
    for await (const letter of letters) items.push({ service: each, ...letter });
  }
  session.show({ items }, () =>
    table(
      ['dead letter', 'service', 'event', 'key', 'code', 'state', 'time (UTC)'],
      items.map((letter) => [
        letter.id,
        letter.service,
        letter.type ?? letter.topic,
        letter.key,
        letter.code,
        letter.state,
        time(letter.createdAt),
      ]),
      'No dead letters wait.',
    ),
  );
}

async function show(session: Session, id: string, { service }: Options): Promise<void> {
  const found = await find(session.client, id, service);
  session.show(found.letter, () => describe(found));
}

async function replay(session: Session, id: string, { service, laterSeen }: Options): Promise<void> {
  const found = await find(session.client, id, service);
  try {
    const answer = await session.client.post<DeadLetterAnswer>(
      `/${found.service}/v1/dead-letters/${id}/replay`,
      laterSeen === undefined ? {} : { laterSeen },
    );
    session.show(answer, () => `Replayed by ${found.service}.`);
  } catch (error) {
    if (!AppError.is(error) || error.code !== 'EVENT.LATER_EVENTS_UNSEEN') throw error;
    const last = found.letter.later.at(-1)?.offset;
    if (!session.json) session.note(describe(found));
    throw errors.conflict(
      error.code,
      `${error.message} When you have looked at them: steward deadletters --replay ${id} --later-seen ${last}`,
      { details: error.details },
    );
  }
}

async function find(
  client: StewardClient,
  id: string,
  service: ServiceName | undefined,
): Promise<{ service: ServiceName; letter: Letter }> {
  for (const each of service === undefined ? Services : [service]) {
    try {
      const letter = await client.get<Letter>(`/${each}/v1/dead-letters/${encodeURIComponent(id)}`);
      return { service: each, letter };
    } catch (error) {
      if (!AppError.is(error) || error.kind !== 'not_found') throw error;
    }
  }
  throw errors.notFound(
    'CLI.DEAD_LETTER_UNKNOWN',
    `No service has a dead letter ${id}. List them: steward deadletters`,
  );
}

function describe({ service, letter }: { service: ServiceName; letter: Letter }): string {
  return [
    facts([
      ['Dead letter', `${letter.id} of ${service}, ${letter.state}`],
      [
        'Event',
        `${letter.type ?? 'cannot be decoded'} at ${letter.topic}/${letter.partition}@${letter.offset}`,
      ],
      ['Key', letter.key],
      ['Handler', letter.consumer],
      ['Why', `${letter.code}: ${letter.reason}`],
      ['Time', `${time(letter.createdAt)} UTC`],
    ]),
    table(
      ['later offset', 'event', 'time (UTC)'],
      letter.later.map((event) => [event.offset, event.type, time(event.time)]),
      'No later event of this key.',
    ),
  ].join('\n');
}
