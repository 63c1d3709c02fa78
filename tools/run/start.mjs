/** `npm start`: the platform alone, until Ctrl-C. */
import { join } from 'node:path';
import { build, entry, ROOT } from './bootstrap.mjs';

entry(async () => {
  await build();
  process.chdir(ROOT);
  const { main } = await import(join(ROOT, 'tools', 'start', 'dist', 'main.js'));
  await main(process.argv.slice(2));
});
