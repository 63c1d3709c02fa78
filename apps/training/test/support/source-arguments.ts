import { join } from 'node:path';

/** Arguments with which node runs TypeScript sources. */
export const SOURCE_ARGUMENTS = [
  '--conditions=@steward/source',
  '--require',
  join(__dirname, '..', '..', '..', '..', 'tools', 'run', 'register-typescript.cjs'),
];
