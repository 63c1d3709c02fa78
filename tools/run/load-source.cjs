/**
 * Loads TypeScript sources of the libraries in plain Node.js, without a build: Jest's global set-up runs outside
 * Jest's own transformation, and tests must not depend on dist/.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');
let installed = false;

function install() {
  if (installed) return;
  installed = true;
  const { transformSync } = require('@swc/core');
  Module._extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      swcrc: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
      module: { type: 'commonjs' },
    });
    module._compile(code, filename);
  };
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    const library = /^@steward\/([a-z-]+)$/.exec(request)?.[1];
    return resolve.call(this, library ? join(ROOT, 'libs', library, 'src', 'index.ts') : request, ...rest);
  };
}

/** @param {string} path from the root of the repository */
exports.loadSource = (path) => {
  install();
  return require(join(ROOT, path));
};
