/**
 * `npm run fuzz:inference [-- REQUESTS [SEED [FIRST]]]`: hostile and broken requests over every protocol of inference,
 * 1,000,000 where nothing is said, from the case of number FIRST, else 0. The same cases as in `npm test`, which sends the
 * first 20,000 of seed 5.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [requests = '1000000', seed = '5', first = '0'] = process.argv.slice(2);
if (![requests, seed].every((each) => /^[1-9]\d{0,8}$/.test(each)) || !/^\d{1,9}$/.test(first)) {
  process.stderr.write('Usage: npm run fuzz:inference -- REQUESTS [SEED [FIRST]], all whole numbers.\n');
  process.exit(2);
}
const root = fileURLToPath(new URL('../../../', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [`${root}node_modules/.bin/jest`, '--selectProjects=e2e', '-i', 'test/protocols-fuzz.e2e-spec.ts'],
  {
    cwd: `${root}apps/inference`,
    stdio: 'inherit',
    env: {
      ...process.env,
      STEWARD_FUZZ_REQUESTS: requests,
      STEWARD_FUZZ_SEED: seed,
      STEWARD_FUZZ_FIRST: first,
    },
  },
);
process.exit(status ?? 1);
