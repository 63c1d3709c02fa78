/**
 * Loads TypeScript sources of the libraries in plain Node.js, without a build: Jest's global set-up runs outside
 * Jest's own transformation, and tests must not depend on dist/.
 */
const Module = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '..', '..');
let installed = false;

function install() {
  if (installed) return;
  installed = true;
  require('./register-typescript.cjs');
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
