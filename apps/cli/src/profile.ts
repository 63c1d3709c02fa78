import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { errors } from '@steward/kernel';
import { z } from 'zod';

const Profile = z.object({
  url: z.string(),
  token: z.string(),
  /** ISO 8601. */
  expiresAt: z.string().nullable(),
  user: z.string(),
  principalId: z.string(),
  project: z.string().nullable(),
});
/** What `steward login` wrote. */
export type Profile = z.output<typeof Profile>;

/** STEWARD_CONFIG_DIR, or ~/.config/steward. */
export function profileFile(environment: NodeJS.ProcessEnv): string {
  const folder =
    environment['STEWARD_CONFIG_DIR'] ??
    join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'steward');
  return join(folder, 'profile.json');
}

/** Null if nobody has logged in. Throws CLI.PROFILE_BROKEN. */
export function readProfile(file: string): Profile | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw errors.invalid(
      'CLI.PROFILE_BROKEN',
      `The profile ${file} cannot be read: ${(error as Error).message}`,
    );
  }
  try {
    return Profile.parse(JSON.parse(text));
  } catch {
    throw errors.invalid(
      'CLI.PROFILE_BROKEN',
      `The profile ${file} is damaged. Log in again: steward login USER`,
    );
  }
}

/** Written beside and moved into place, readable by its owner alone: it holds a token. */
export function writeProfile(file: string, profile: Profile): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
