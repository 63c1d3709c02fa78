import { Option } from 'commander';
import type { ConsentAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { time } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly subject?: string;
  readonly purpose?: string;
  readonly record?: 'given' | 'withdrawn';
  readonly text?: number;
  readonly limit: number;
}

export const registerConsents: Verb = (program, open) => {
  common(program.command('consents'))
    .description('consents of data subjects by pseudonym, newest first; or record one')
    .option('--subject <pseudonym>', 'of this subject')
    .option('--purpose <name>', 'for this purpose')
    .addOption(new Option('--record <state>', 'what the subject said').choices(['given', 'withdrawn']))
    .option('--text <version>', 'with --record given: version of the text that was seen', positive)
    .option('--limit <events>', 'at most so many', positive, 50)
    .action(async (options: Options) => {
      const { record: state, subject, purpose, text } = options;
      if (state !== undefined && (subject === undefined || purpose === undefined))
        throw usage('Say who and what for: --subject PSEUDONYM --purpose NAME');
      if (state === 'given' && text === undefined)
        throw usage('Say which text the subject saw: --text VERSION');
      const session = open(options);
      return state === undefined ? list(session, options) : record(session, options);
    });
};

async function list(session: Session, { subject, purpose, limit }: Options): Promise<void> {
  const page = await session.client.get<Page<ConsentAnswer>>(session.path('governance', 'consents'), {
    subject,
    purpose,
    limit: Math.min(limit, 200),
  });
  session.show(page, () =>
    table(
      ['said (UTC)', 'subject', 'purpose', 'state', 'text'],
      page.items.map((event) => [
        time(event.at),
        event.pseudonym,
        event.purpose,
        event.state,
        event.textVersion,
      ]),
      'No consent was recorded.',
    ),
  );
}

async function record(
  session: Session,
  { subject: pseudonym, purpose, record: state, text }: Options,
): Promise<void> {
  const answer = await session.client.post(session.path('governance', 'consents'), {
    events: [{ pseudonym, purpose, state, textVersion: text ?? null }],
  });
  session.show(answer, () => `Recorded: ${state} for ${purpose}.`);
}
