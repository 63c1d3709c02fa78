/** `npm run generate`: TypeScript from proto/, and `.env.example` from the settings of the services. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, entry, install, ROOT, run } from './bootstrap.mjs';

const SERVICES = ['ingestion', 'training', 'inference', 'monitoring', 'governance'];
const PLATFORM = `# Settings of Steward. Everything has a default; the README says what people change first.

# The local entry port of npm start and npm run demo.
# STEWARD_PORT=8080

# Where PostgreSQL's files go when the user is root.
# STEWARD_STATE_DIR=/var/lib/steward

# An outside PostgreSQL: its owner's URL, for the migration step alone.
# STEWARD_DATABASE_URL=
`;

entry(async () => {
  await install();
  await run(process.execPath, [join(ROOT, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf'), 'generate']);
  await build();
  const require = createRequire(import.meta.url);
  const { environmentExample } = require(join(ROOT, 'libs', 'service', 'dist', 'index.js'));
  const services = SERVICES.map((name) => {
    const settings = require(join(ROOT, 'apps', name, 'dist', `${name}.config.js`));
    const config = Object.entries(settings).find(([key]) => key.endsWith('Settings'))[1];
    return { name, config };
  });
  writeFileSync(join(ROOT, '.env.example'), `${PLATFORM}\n${environmentExample(services)}`);
});
