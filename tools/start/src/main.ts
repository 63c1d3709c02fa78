import { Services } from '@steward/contracts';
import { CONSOLE_PATH } from './console-files';
import { Platform } from './platform';
import { startConfig } from './start.config';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** What people see when the platform is up. */
export function describePlatform(platform: Platform): string {
  return [
    '',
    `Steward is up at ${platform.entryUrl}`,
    `  console     ${platform.entryUrl}${CONSOLE_PATH}/`,
    ...Services.map(
      (name) => `  ${name.padEnd(11)} ${platform.entryUrl}/${name}/docs   gRPC ${platform.grpcAddress(name)}`,
    ),
    `  log         ${platform.logFile}`,
    '',
  ].join('\n');
}

/** `npm start`: runs until Ctrl-C. */
export async function main(_args: readonly string[]): Promise<void> {
  const started = Date.now();
  const platform = await Platform.start(startConfig(process.env), {
    onNote: say,
    onFirstAdministrator: (user, password) =>
      say(
        `\nThe first administrator is "${user}" with the password ${password}\nIt is shown only now: keep it. Log in with: npx steward login ${user}\n`,
      ),
  });
  say(describePlatform(platform));
  say(`Ready in ${((Date.now() - started) / 1000).toFixed(1)} s. Ctrl-C stops it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say('Stopping ...');
  await platform.stop();
}
