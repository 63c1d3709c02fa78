import { join } from 'node:path';

/** Node.js arguments with which a thread runs from the sources, as tests need it. */
export const SOURCES: readonly string[] = [
  '-C',
  '@steward/source',
  '--require',
  join(__dirname, '..', '..', '..', '..', 'tools', 'run', 'register-typescript.cjs'),
];
