/**
 * Lets plain node run this repository's TypeScript sources, for tests that need a second process or a thread:
 * `node --conditions=@steward/source --require register-typescript.cjs file.ts`. The same compiler settings as Jest's.
 * What was compiled is kept, by its content: suites that kill processes start dozens of them, with 500 files each.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
};
const PACKAGES = join(__dirname, '..', '..', 'node_modules');
const KEPT = join(PACKAGES, '.cache', 'steward-swc');
const compiler = readFileSync(join(PACKAGES, '@swc', 'core', 'package.json'), 'utf8');
const settings = createHash('sha256').update(JSON.stringify(OPTIONS)).update(compiler).digest('hex');

/** Where this file's compiled code is kept; sources name their file, so the name belongs to it. */
const keptAt = (filename, source) =>
  join(KEPT, createHash('sha256').update(`${settings}\0${filename}\0`).update(source).digest('hex'));

function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = keptAt(filename, source);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, { filename, ...OPTIONS });
    const draft = `${kept}.${process.pid}`;
    try {
      mkdirSync(KEPT, { recursive: true });
      writeFileSync(draft, code);
      renameSync(draft, kept);
    } catch {
      // A folder that cannot be written only costs time.
    }
    return code;
  }
}

require.extensions['.ts'] = (module, filename) => module._compile(compiled(filename), filename);
