import { ask, askSecret } from '../ask';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

/** One's own account. Secrets are asked for, never arguments: arguments stay in histories and logs. */
export const registerAccount: Verb = (program, open) => {
  const account = program.command('account').description('your own password and second factor');
  common(account.command('password'))
    .description(
      'change it and end all your sessions; asked for, or STEWARD_PASSWORD and STEWARD_NEW_PASSWORD',
    )
    .action(async (options: CommonOptions) => changePassword(open(options)));
  common(account.command('totp'))
    .description('set up a second factor (TOTP), or take it away by your password')
    .option('--remove', 'take it away')
    .action(async ({ remove, ...options }: CommonOptions & { readonly remove?: boolean }) =>
      remove === true ? removeFactor(open(options)) : setUpFactor(open(options)),
    );
};

const passwordOf = async ({ environment, terminal }: Session): Promise<string> =>
  environment['STEWARD_PASSWORD'] ?? (await askSecret(terminal, 'Your password: '));

async function changePassword(session: Session): Promise<void> {
  const { client, environment, terminal } = session;
  const current = await passwordOf(session);
  const password =
    environment['STEWARD_NEW_PASSWORD'] ??
    (await askSecret(terminal, 'New password (12 characters or more): '));
  await client.put('/governance/v1/me/password', { current, password });
  session.show({ changed: true }, () => 'The password is changed. Log in again: steward login');
}

async function setUpFactor(session: Session): Promise<void> {
  const { client, environment, terminal } = session;
  const { secret, otpauthUri } = await client.post<{ secret: string; otpauthUri: string }>(
    '/governance/v1/me/totp',
  );
  session.note(`Enter this secret in an authenticator app: ${secret}\n${otpauthUri}`);
  const totp = environment['STEWARD_TOTP'] ?? (await ask(terminal, 'Its code: ')).trim();
  const answer = await client.post<{ recoveryCodes: readonly string[] }>('/governance/v1/me/totp/confirm', {
    totp,
  });
  session.show(answer, () =>
    ['Recovery codes, shown once; keep them apart:', ...answer.recoveryCodes].join('\n'),
  );
}

async function removeFactor(session: Session): Promise<void> {
  const { client } = session;
  await client.delete('/governance/v1/me/totp', { password: await passwordOf(session) });
  session.show({ removed: true }, () => 'The second factor is gone.');
}
