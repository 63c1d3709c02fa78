import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@steward/database';
import { AppError, errors } from '@steward/kernel';
import { describePlatform, Platform, startConfig } from '@steward/start';
import { demoOptions } from './demo-options';
import { PlainDisplay } from './demo-display';
import { describeSummary } from './describe-summary';
import { ListrDisplay } from './listr-display';
import { runDemo } from './run-demo';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The demo keeps the first administrator's password beside the data, so that a second run on the same folder can log in. */
const passwordFile = (dataDir: string): string => join(dataDir, 'demo-administrator');

function administratorPassword(dataDir: string, first: string | null): string {
  const file = passwordFile(dataDir);
  if (first !== null) writeFileSync(file, first, { mode: 0o600 });
  const password =
    first ?? process.env.STEWARD_ADMIN_PASSWORD ?? (existsSync(file) ? readFileSync(file, 'utf8') : null);
  if (password !== null) return password;
  throw errors.unauthenticated(
    'DEMO.PASSWORD_UNKNOWN',
    `The data folder ${dataDir} has an administrator whose password the demo does not know. Set STEWARD_ADMIN_PASSWORD, or start from an empty folder with --fresh.`,
  );
}

async function forget(dataDir: string): Promise<void> {
  await EmbeddedPostgres.remove(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}

/** `npm run demo`: exit status 0 only if every step held. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await demo(args);
  } catch (error) {
    if (!AppError.is(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function demo(args: readonly string[]): Promise<void> {
  const options = demoOptions(args);
  const config = startConfig(process.env);
  if (options.fresh) await forget(config.dataDir);
  const started = Date.now();
  let first: string | null = null;
  const platform = await Platform.start(config, {
    onNote: say,
    onFirstAdministrator: (_, password) => (first = password),
  });
  const readySeconds = (Date.now() - started) / 1000;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    say(describePlatform(platform));
    const password = administratorPassword(config.dataDir, first);
    const display = process.stdout.isTTY ? new ListrDisplay() : new PlainDisplay(say);
    const work = runDemo({ platform, options, administratorPassword: password, readySeconds, display });
    const summary = await Promise.race([work, interrupted.then(() => null)]);
    if (summary === null) {
      process.exitCode = 130;
      return;
    }
    if (options.json) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
    say(describeSummary(summary, platform.entryUrl));
    if (summary.failed) process.exitCode = 1;
    if (!options.exit) {
      say('Steward stays up until Ctrl-C.');
      await interrupted;
    }
  } finally {
    await platform.stop();
  }
}
