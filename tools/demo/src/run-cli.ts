import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errors } from '@steward/kernel';

const CLI = join(__dirname, '..', '..', '..', 'apps', 'cli', 'dist', 'main.js');
const execute = promisify(execFile);

/** Runs `steward` as a person would, with a credential from the environment. Throws DEMO.CLI_FAILED with what it said. */
export async function runCli(args: readonly string[], as: { url: string; token: string }): Promise<string> {
  try {
    const { stdout } = await execute(process.execPath, [CLI, ...args], {
      env: { ...process.env, STEWARD_URL: as.url, STEWARD_TOKEN: as.token },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    throw errors.conflict(
      'DEMO.CLI_FAILED',
      `steward ${args.join(' ')} failed: ${stderr.trim() || stdout.trim() || String(error)}`,
    );
  }
}
