/** `npm run generate`: TypeScript from proto/, and whatever else is generated and committed. */
import { join } from 'node:path';
import { entry, install, ROOT, run } from './bootstrap.mjs';

entry(async () => {
  await install();
  await run(process.execPath, [join(ROOT, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf'), 'generate']);
});
