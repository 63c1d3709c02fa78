import { StewardClient } from '@steward/client';
import { AppError, isName } from '@steward/kernel';
import type { LoginAnswer } from '@steward/client/answers';
import { ask, askSecret } from '../ask';
import { usage } from '../cli-error';
import { time } from '../format';
import { writeProfile, type Profile } from '../profile';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly url?: string;
}

export const registerLogin: Verb = (program, open) => {
  common(program.command('login'))
    .description('log in and remember the token, where it is valid, and a project')
    .argument('[user]', 'name of the account; asked for on a terminal')
    .option('--url <url>', 'where Steward is (default: STEWARD_URL, else http://127.0.0.1:8080)')
    .addHelpText(
      'after',
      '\nThe password is asked for without echo, or comes from STEWARD_PASSWORD or from a pipe.',
    )
    .action(async (user: string | undefined, options: Options) => login(open(options), user, options));
};

async function login(session: Session, given: string | undefined, options: Options): Promise<void> {
  const { terminal, environment } = session;
  const valid: boolean = options.project === undefined || isName(options.project);
  if (!valid) throw usage(`"${options.project}" is no project's name.`);
  const url = options.url ?? environment['STEWARD_URL'] ?? session.url;
  if (!URL.canParse(url)) throw usage(`${url} is no web address.`);
  const user = given ?? (await userOf(session));
  const password =
    environment['STEWARD_PASSWORD'] ?? (await askSecret(terminal, `Password of ${user} at ${url}: `));
  const open = new StewardClient({ url });
  const answer = await logInStepwise(session, open, { user, password });
  const project = options.project ?? (await projectOf(open.as(answer.token), session.profile, url));
  const profile: Profile = {
    url,
    token: answer.token,
    expiresAt: answer.expiresAt,
    user,
    principalId: answer.principalId,
    project,
  };
  writeProfile(session.profileFile, profile);
  const { token: _secret, ...shown } = profile;
  session.show(shown, () =>
    [
      `Logged in as ${user} at ${url} until ${time(answer.expiresAt)} UTC.`,
      project === null
        ? 'No project is chosen: give --project NAME with each command, or to login.'
        : `Project: ${project}.`,
    ].join('\n'),
  );
}

type Answers = Record<'user' | 'password', string> & Partial<Record<'totp' | 'newPassword', string>>;

/** Logs in, and asks for what governance says is missing: a code, a first code of a new factor, another password. */
async function logInStepwise(session: Session, open: StewardClient, answers: Answers): Promise<LoginAnswer> {
  const { terminal, environment } = session;
  try {
    const answer = await session
      .progress(`logging in as ${answers.user}`)
      .during(() => open.post<LoginAnswer & { recoveryCodes?: string[] }>('/governance/v1/login', answers));
    if (answer.recoveryCodes)
      session.note(`Recovery codes, shown once; keep them apart:\n${answer.recoveryCodes.join('\n')}`);
    return answer;
  } catch (error) {
    if (!AppError.is(error)) throw error;
    const { code, message, details } = error;
    if (code === 'GOVERNANCE.TOTP_ENROLMENT_REQUIRED' && answers.totp === undefined)
      session.note(`${message}\nSecret: ${String(details['secret'])}\n${String(details['otpauthUri'])}`);
    else if (code === 'GOVERNANCE.PASSWORD_CHANGE_REQUIRED' && answers.newPassword === undefined) {
      const newPassword =
        environment['STEWARD_NEW_PASSWORD'] ??
        (await askSecret(terminal, 'New password (12 characters or more): '));
      return logInStepwise(session, open, { ...answers, newPassword });
    } else if (code !== 'GOVERNANCE.TOTP_REQUIRED' || answers.totp !== undefined) throw error;
    const totp = environment['STEWARD_TOTP'] ?? (await ask(terminal, 'Code of the second factor: ')).trim();
    return logInStepwise(session, open, { ...answers, totp });
  }
}

async function userOf({ terminal }: Session): Promise<string> {
  if (terminal.input.isTTY !== true) throw usage('Say who logs in: steward login USER');
  const user = (await ask(terminal, 'User: ')).trim();
  if (user === '') throw usage('Say who logs in: steward login USER');
  return user;
}

/** The project of the login before, or the only one that the caller sees. */
async function projectOf(client: StewardClient, before: Profile | null, url: string): Promise<string | null> {
  if (before?.url === url && before.project !== null) return before.project;
  try {
    const { items } = await client.get<{ items: { project: string }[] }>('/governance/v1/projects');
    return items.length === 1 ? items[0]!.project : null;
  } catch {
    // Choosing for the caller is a convenience; a role that may not list projects logs in all the same.
    return null;
  }
}
